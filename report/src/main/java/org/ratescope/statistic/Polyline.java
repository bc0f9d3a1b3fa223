package org.ratescope.statistic;

import java.util.Comparator;
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

  /** The range of the distortion in nats. */
  public double height() {
    return points.stream().mapToDouble(Point::distortion).max().orElseThrow()
        - points.stream().mapToDouble(Point::distortion).min().orElseThrow();
  }

  /**
   * By how many nats this curve's points are below another curve at equal rate, on average over the
   * points whose rate the other curve reaches; NaN if there is none. The other curve's points are
   * joined in the order of their rates.
   */
  double below(Polyline other) {
    List<Point> sorted =
        other.points.stream().sorted(Comparator.comparingDouble(Point::rate)).toList();
    return points.stream()
        .filter(p -> p.rate >= sorted.getFirst().rate && p.rate <= sorted.getLast().rate)
        .mapToDouble(p -> at(sorted, p.rate) - p.distortion)
        .average()
        .orElse(Double.NaN);
  }

  private static double at(List<Point> sorted, double rate) {
    int next = 1;
    while (next < sorted.size() - 1 && sorted.get(next).rate < rate) {
      next++;
    }
    Point to = sorted.get(Math.min(next, sorted.size() - 1));
    Point from = sorted.get(Math.max(0, Math.min(next, sorted.size() - 1) - 1));
    double width = to.rate - from.rate;
    return from.towards(to, width > 0 ? (rate - from.rate) / width : 0).distortion;
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
