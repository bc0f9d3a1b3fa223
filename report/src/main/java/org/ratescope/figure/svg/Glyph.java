package org.ratescope.figure.svg;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** TrueType outlines (OpenType specification, table glyf) as SVG path data. */
final class Glyph {
  private static final int ON_CURVE = 1;
  private static final int REPEAT = 8;
  private static final int WORDS = 1;
  private static final int OFFSETS = 2;
  private static final int SCALE = 8;
  private static final int MORE = 0x20;
  private static final int TWO_SCALES = 0x40;
  private static final int MATRIX = 0x80;

  private Glyph() {}

  /** The affine map x' = a x + c y + e, y' = b x + d y + f from font units to the drawing. */
  record Place(double a, double b, double c, double d, double e, double f) {
    double x(double x, double y) {
      return a * x + c * y + e;
    }

    double y(double x, double y) {
      return b * x + d * y + f;
    }

    /** This map after another one, for a part of a composed glyph. */
    Place after(double a2, double b2, double c2, double d2, double e2, double f2) {
      return new Place(
          a * a2 + c * b2, b * a2 + d * b2, a * c2 + c * d2, b * c2 + d * d2, x(e2, f2), y(e2, f2));
    }
  }

  /** Receives the parts of a composed glyph. */
  interface Parts {
    void part(int glyph, Place place);
  }

  private record Point(double x, double y, boolean onCurve) {
    Point middle(Point other) {
      return new Point((x + other.x) / 2, (y + other.y) / 2, true);
    }
  }

  /** Appends the contours of a simple glyph. */
  static void simple(ByteBuffer glyph, Place place, StringBuilder path) {
    int contours = glyph.getShort(0);
    int[] ends = new int[contours];
    for (int c = 0; c < contours; c++) {
      ends[c] = Short.toUnsignedInt(glyph.getShort(10 + 2 * c));
    }
    int instructions = Short.toUnsignedInt(glyph.getShort(10 + 2 * contours));
    glyph.position(12 + 2 * contours + instructions);
    List<Point> points = points(glyph, contours == 0 ? 0 : ends[contours - 1] + 1, place);
    int start = 0;
    for (int end : ends) {
      contour(points.subList(start, end + 1), path);
      start = end + 1;
    }
  }

  private static List<Point> points(ByteBuffer glyph, int count, Place place) {
    int[] flags = new int[count];
    for (int i = 0; i < count; i++) {
      flags[i] = Byte.toUnsignedInt(glyph.get());
      if ((flags[i] & REPEAT) != 0) {
        for (int times = Byte.toUnsignedInt(glyph.get()); times > 0; times--, i++) {
          flags[i + 1] = flags[i];
        }
      }
    }
    int[] xs = coordinates(glyph, flags, 2, 16);
    int[] ys = coordinates(glyph, flags, 4, 32);
    List<Point> points = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      boolean onCurve = (flags[i] & ON_CURVE) != 0;
      points.add(new Point(place.x(xs[i], ys[i]), place.y(xs[i], ys[i]), onCurve));
    }
    return points;
  }

  /** Coordinates are differences: one byte with a sign flag, none for "the same", or two bytes. */
  private static int[] coordinates(ByteBuffer glyph, int[] flags, int isByte, int sameOrPlus) {
    int[] values = new int[flags.length];
    int value = 0;
    for (int i = 0; i < flags.length; i++) {
      boolean flag = (flags[i] & sameOrPlus) != 0;
      if ((flags[i] & isByte) != 0) {
        int step = Byte.toUnsignedInt(glyph.get());
        value += flag ? step : -step;
      } else if (!flag) {
        value += glyph.getShort();
      }
      values[i] = value;
    }
    return values;
  }

  /** Between two control points in a row lies an implied point on the curve, half way. */
  private static void contour(List<Point> points, StringBuilder path) {
    int count = points.size();
    Point first = points.getFirst();
    Point last = points.getLast();
    Point start = first.onCurve ? first : last.onCurve ? last : first.middle(last);
    path.append('M').append(text(start));
    for (int i = first.onCurve ? 1 : 0; i < count; i++) {
      Point point = points.get(i);
      Point next = i + 1 < count ? points.get(i + 1) : start;
      if (point.onCurve) {
        path.append('L').append(text(point));
      } else {
        Point end = next.onCurve ? next : point.middle(next);
        path.append('Q').append(text(point)).append(' ').append(text(end));
      }
    }
    path.append('Z');
  }

  private static String text(Point point) {
    return String.format(Locale.ROOT, "%.2f,%.2f", point.x, point.y);
  }

  /** Hands over the parts of a composed glyph. Parts placed by point numbers are not supported. */
  static void parts(ByteBuffer glyph, Place place, Parts parts) {
    glyph.position(10);
    int flags;
    do {
      flags = glyph.getShort();
      int part = Short.toUnsignedInt(glyph.getShort());
      if ((flags & OFFSETS) == 0) {
        throw new IllegalArgumentException("a glyph's parts must be placed by offsets");
      }
      double e = (flags & WORDS) != 0 ? glyph.getShort() : glyph.get();
      double f = (flags & WORDS) != 0 ? glyph.getShort() : glyph.get();
      double a = 1;
      double b = 0;
      double c = 0;
      double d = 1;
      if ((flags & SCALE) != 0) {
        a = d = fraction(glyph);
      } else if ((flags & TWO_SCALES) != 0) {
        a = fraction(glyph);
        d = fraction(glyph);
      } else if ((flags & MATRIX) != 0) {
        a = fraction(glyph);
        b = fraction(glyph);
        c = fraction(glyph);
        d = fraction(glyph);
      }
      parts.part(part, place.after(a, b, c, d, e, f));
    } while ((flags & MORE) != 0);
  }

  private static double fraction(ByteBuffer glyph) {
    return glyph.getShort() / 16384.0;
  }
}
