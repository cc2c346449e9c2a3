package io.turboqueue.batch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers of two and four bytes in a page, the high byte first. */
public final class BigEndian {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private BigEndian() {}

    /** Two bytes, 0 to 65535. */
    public static int getShort(byte[] source, int at) {
        return (short) SHORT.get(source, at) & 0xffff;
    }

    public static int getInt(byte[] source, int at) {
        return (int) INT.get(source, at);
    }

    /** Writes the two low bytes of a number. */
    public static void putShort(byte[] target, int at, int value) {
        SHORT.set(target, at, (short) value);
    }

    public static void putInt(byte[] target, int at, int value) {
        INT.set(target, at, value);
    }
}
