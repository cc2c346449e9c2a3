package io.turboqueue.examples.flights;

/**
 * A place on the globe as a point on the unit sphere. The trigonometry of latitude and longitude is done once a place,
 * so that a distance costs a square root and an arc sine. Only operations with one exact result on every platform take
 * part, so that every process comes to the same metre.
 */
public record Position(double x, double y, double z) {

    /** The mean radius of the Earth (IUGG). */
    private static final double EARTH_RADIUS_METRES = 6_371_008.8;

    /** The place at that latitude (north is positive) and longitude (east is positive), both in degrees. */
    public static Position of(double latitude, double longitude) {
        if (!(Math.abs(latitude) <= 90)) {
            throw new IllegalArgumentException("latitude " + latitude + ": from -90 to 90 degrees");
        }
        if (!(Math.abs(longitude) <= 180)) {
            throw new IllegalArgumentException("longitude " + longitude + ": from -180 to 180 degrees");
        }
        double phi = Math.toRadians(latitude);
        double lambda = Math.toRadians(longitude);
        double cosPhi = StrictMath.cos(phi);
        return new Position(cosPhi * StrictMath.cos(lambda), cosPhi * StrictMath.sin(lambda), StrictMath.sin(phi));
    }

    /** The great-circle distance to another place, rounded to the metre. */
    public long metresTo(Position other) {
        double dx = x - other.x;
        double dy = y - other.y;
        double dz = z - other.z;
        double halfChord = Math.sqrt(dx * dx + dy * dy + dz * dz) / 2;
        return Math.round(2 * EARTH_RADIUS_METRES * StrictMath.asin(Math.min(1, halfChord)));
    }
}
