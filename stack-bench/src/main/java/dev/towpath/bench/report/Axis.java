package dev.towpath.bench.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Where a value lies between the ends of an axis, and the round values at which to mark it. */
final class Axis {
    /** About so many marks. */
    private static final int MARKS = 5;

    private final double least;
    private final double most;
    private final boolean logarithmic;
    private final List<Double> marks = new ArrayList<>();

    private Axis(double least, double most, boolean logarithmic) {
        this.least = least;
        this.most = most;
        this.logarithmic = logarithmic;
    }

    /** From 0 to a round value that is not below {@code most}. */
    static Axis linear(double most) {
        double step = step(Math.max(most, Double.MIN_NORMAL) / MARKS);
        long steps = (long) Math.ceil(most / step - 1e-9);
        Axis axis = new Axis(0, Math.max(steps, 1) * step, false);
        for (long i = 0; i <= Math.max(steps, 1); i++) {
            axis.marks.add(i * step);
        }
        return axis;
    }

    /** From a power of ten that is not above {@code least} to one that is not below {@code most}. */
    static Axis logarithmic(double least, double most) {
        int from = (int) Math.floor(Math.log10(least) + 1e-9);
        int to = Math.max((int) Math.ceil(Math.log10(most) - 1e-9), from + 1);
        Axis axis = new Axis(Math.pow(10, from), Math.pow(10, to), true);
        for (int power = from; power <= to; power++) {
            axis.marks.add(Math.pow(10, power));
        }
        return axis;
    }

    /** 0 at the beginning of the axis, 1 at its end. */
    double share(double value) {
        return logarithmic
                ? Math.log10(Math.max(value, least) / least) / Math.log10(most / least)
                : (value - least) / (most - least);
    }

    List<Double> marks() {
        return marks;
    }

    /** A mark in words, without the digits that are only rounding. */
    static String word(double mark) {
        return BigDecimal.valueOf(mark)
                .setScale(6, RoundingMode.HALF_EVEN)
                .stripTrailingZeros()
                .toPlainString()
                .replaceAll("000000$", " M")
                .replaceAll("000$", " k");
    }

    /** The next of 1, 2 and 5 with its power of ten. */
    private static double step(double atLeast) {
        double power = Math.pow(10, Math.floor(Math.log10(atLeast)));
        for (double digit : new double[] {1, 2, 5}) {
            if (digit * power >= atLeast * (1 - 1e-9)) {
                return digit * power;
            }
        }
        return 10 * power;
    }
}
