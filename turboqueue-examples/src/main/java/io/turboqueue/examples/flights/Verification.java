package io.turboqueue.examples.flights;

import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The comparison of what the consumers came to with what a plain pass over the same flights comes to.
 *
 * @param routes what the consumers came to
 * @param difference says in how many routes they differ, and how in the first one; empty when they are equal
 */
record Verification(Map<Route, RouteTotals> routes, String difference) {

    static Verification of(Map<Route, RouteTotals> expected, Map<Route, RouteTotals> routes) {
        return new Verification(routes, expected.equals(routes) ? "" : difference(expected, routes));
    }

    boolean equal() {
        return difference.isEmpty();
    }

    private static String difference(Map<Route, RouteTotals> expected, Map<Route, RouteTotals> actual) {
        Set<Route> routes = new TreeSet<>(Comparator.comparing(Route::toString));
        routes.addAll(expected.keySet());
        routes.addAll(actual.keySet());
        routes.removeIf(route -> totals(expected, route).equals(totals(actual, route)));
        Route first = routes.iterator().next();
        return String.format(
                "%d routes differ, the first is %s: %s instead of %s",
                routes.size(), first, totals(actual, first), totals(expected, first));
    }

    private static RouteTotals totals(Map<Route, RouteTotals> all, Route route) {
        return all.getOrDefault(route, RouteTotals.NONE);
    }
}
