package org.ratescope.statistic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.ratescope.sql.DisplayNames;

/**
 * A quantity over the weight of the objective, in most cases beta: samples over restarts, by
 * increasing weight.
 *
 * @param name its name, for sentences and messages
 * @param samples at least one, each at another weight
 */
public record Series(String name, List<Restarts> samples) {
  public Series {
    samples = samples.stream().sorted(Comparator.comparingDouble(Restarts::beta)).toList();
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("samples must have at least one entry; got none");
    }
  }

  /** The means, by increasing weight. */
  public double[] means() {
    return samples.stream().mapToDouble(Restarts::mean).toArray();
  }

  /** The weights, increasing. */
  public double[] weights() {
    return samples.stream().mapToDouble(Restarts::beta).toArray();
  }

  /** Spearman's rank correlation of the means with the weight. */
  public double trend() {
    return RankCorrelation.correlation(weights(), means());
  }

  /** The sample at a weight, if there is one. */
  public Optional<Restarts> at(double weight) {
    return samples.stream().filter(s -> s.beta() == weight).findFirst();
  }

  /** The sample with the lowest mean. */
  public Restarts lowest() {
    return samples.stream().min(Comparator.comparingDouble(Restarts::mean)).orElseThrow();
  }

  /** The sample with the highest mean. */
  public Restarts highest() {
    return samples.stream().max(Comparator.comparingDouble(Restarts::mean)).orElseThrow();
  }

  /** The fewest restarts that a weight has. */
  public int leastRestarts() {
    return samples.stream().mapToInt(Restarts::size).min().orElseThrow();
  }

  /** The series of one restart: the value in that place at each weight. */
  Series restart(int r) {
    return new Series(
        name,
        samples.stream().map(s -> new Restarts(s.beta(), List.of(s.values().get(r)))).toList());
  }

  /** Degrees of freedom of {@link #deviation}. */
  int freedom() {
    return samples.stream().mapToInt(s -> s.size() - 1).sum();
  }

  /** The standard deviation over restarts, pooled over all weights. */
  double deviation() {
    double squares = samples.stream().mapToDouble(Restarts::squares).sum();
    return Math.sqrt(squares / freedom());
  }

  /**
   * The difference of two means.
   *
   * @param comparisons how many such comparisons share the error
   * @throws NotEnoughRuns if no weight has two restarts
   */
  public Effect difference(Restarts upper, Restarts lower, int comparisons) throws NotEnoughRuns {
    if (freedom() < 1) {
      throw new NotEnoughRuns(name + ": one restart only, so no spread to measure with");
    }
    double error = deviation() * Math.sqrt(1.0 / upper.size() + 1.0 / lower.size());
    return Effect.of(upper.mean() - lower.mean(), error, freedom(), comparisons);
  }

  /**
   * How far the curve rises from its lowest mean to its smallest weight; the smallest weight is
   * compared with each other one.
   */
  public Effect rise(int family) throws NotEnoughRuns {
    return difference(samples.getFirst(), lowest(), family * Math.max(1, samples.size() - 1));
  }

  /** The mean at the largest weight minus that at the smallest. */
  public Effect growth(int family) throws NotEnoughRuns {
    return difference(samples.getLast(), samples.getFirst(), family);
  }

  /**
   * The largest decrease with increasing weight: how far a mean is above that of any larger weight,
   * 0 for none. The bounds are the largest of those of all pairs.
   */
  public Effect reversal(int family) throws NotEnoughRuns {
    return largestStep(1, family);
  }

  /** The largest increase with increasing weight, like {@link #reversal} of the negative curve. */
  public Effect ascent(int family) throws NotEnoughRuns {
    return largestStep(-1, family);
  }

  private Effect largestStep(int direction, int family) throws NotEnoughRuns {
    int pairs = Math.max(1, samples.size() * (samples.size() - 1) / 2);
    Effect largest = new Effect(0, 0, 0);
    for (int i = 0; i < samples.size(); i++) {
      for (int j = i + 1; j < samples.size(); j++) {
        Restarts smaller = samples.get(i);
        Restarts larger = samples.get(j);
        Effect step =
            direction > 0
                ? difference(smaller, larger, family * pairs)
                : difference(larger, smaller, family * pairs);
        largest =
            new Effect(
                Math.max(largest.value(), step.value()),
                Math.max(largest.low(), step.low()),
                Math.max(largest.high(), step.high()));
      }
    }
    return largest;
  }

  /** How far the highest mean is above that at a weight, which is compared with each other one. */
  public Effect deficit(Restarts at, int family) throws NotEnoughRuns {
    return difference(highest(), at, family * Math.max(1, samples.size() - 1));
  }

  /** How far the mean at a weight is above the higher one of the curve's two ends. */
  public Effect lead(Restarts at, int family) throws NotEnoughRuns {
    Restarts first = samples.getFirst();
    Restarts last = samples.getLast();
    return difference(at, first.mean() > last.mean() ? first : last, 2 * family);
  }

  /**
   * The slope of a line through the restarts' values, restart by restart.
   *
   * @throws NotEnoughRuns if a weight has one restart only
   */
  public Effect slope(int family) throws NotEnoughRuns {
    double[] slopes = new double[leastRestarts()];
    for (int r = 0; r < slopes.length; r++) {
      slopes[r] = RankCorrelation.slope(weights(), restart(r).means());
    }
    return Effect.ofRestarts(name, slopes, family);
  }

  /**
   * The sample whose weight is nearest to one, if it is at most half as large again.
   *
   * @throws NotEnoughRuns if there is none
   */
  public Restarts near(double weight) throws NotEnoughRuns {
    return samples.stream()
        .filter(s -> Math.abs(Math.log(s.beta() / weight)) <= Math.log(1.5))
        .min(Comparator.comparingDouble(s -> Math.abs(Math.log(s.beta() / weight))))
        .orElseThrow(
            () ->
                new NotEnoughRuns(
                    "%s: no runs at β = %s".formatted(name, DisplayNames.number(weight))));
  }

  /** The weights that this and another series have in common. */
  public List<Double> shared(Series other) {
    List<Double> weights = new ArrayList<>();
    for (Restarts sample : samples) {
      if (other.at(sample.beta()).isPresent()) {
        weights.add(sample.beta());
      }
    }
    return weights;
  }

  /** The mean at an existing weight. */
  public double mean(double weight) {
    return at(weight).orElseThrow().mean();
  }
}
