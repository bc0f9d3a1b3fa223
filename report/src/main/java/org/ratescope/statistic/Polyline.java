package org.ratescope.statistic;

import java.util.List;

/**
 * A curve in the plane of rate and distortion: the points of its means, joined in the order of the
 * weights.
 *
 * @param points at least one
 */
public record Polyline(List<Point> points) {
  /** Means of one weight, in nats. */
  public record Point(double rate, double distortion) {
    double distance(Point other) {
      return Math.hypot(rate - other.rate, distortion - other.distortion);
    }

    /** The point at that fraction of the way to another, from 0 to 1. */
    Point towards(Point other, double share) {
      return new Point(
          rate + share * (other.rate - rate), distortion + share * (other.distortion - distortion));
    }
  }

  public Polyline {
    points = List.copyOf(points);
  }

  /** The curve of two series over the same weights, without weights that only one of them has. */
  public static Polyline of(Series rate, Series distortion) {
    return new Polyline(
        rate.shared(distortion).stream()
            .map(weight -> new Point(rate.mean(weight), distortion.mean(weight)))
            .toList());
  }

  /** Mean distance in nats from this curve's points to the nearest location on another curve. */
  public double distanceTo(Polyline other) {
    return points.stream().mapToDouble(other::distance).average().orElse(Double.NaN);
  }

  /** The distance between the curve's ends in nats. */
  public double extent() {
    return points.getFirst().distance(points.getLast());
  }

  private double distance(Point point) {
    double least = points.getFirst().distance(point);
    for (int i = 1; i < points.size(); i++) {
      least = Math.min(least, distance(point, points.get(i - 1), points.get(i)));
    }
    return least;
  }

  /** Distance to the segment between two points. */
  private static double distance(Point point, Point from, Point to) {
    double rate = to.rate - from.rate;
    double distortion = to.distortion - from.distortion;
    double along =
        (point.rate - from.rate) * rate + (point.distortion - from.distortion) * distortion;
    double square = rate * rate + distortion * distortion;
    double share = square > 0 ? Math.clamp(along / square, 0, 1) : 0;
    return from.towards(to, share).distance(point);
  }
}
