package org.ratescope.statistic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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

  /**
   * The largest decrease with increasing weight: how far a mean is above that of any larger weight,
   * in pooled restart standard deviations; 0 for none. Throws if there are too few restarts.
   */
  public double reversal() throws NotEnoughRuns {
    double largest = 0;
    for (int i = 0; i < samples.size(); i++) {
      for (int j = i + 1; j < samples.size(); j++) {
        largest = Math.max(largest, deviations(samples.get(i), samples.get(j)));
      }
    }
    return largest;
  }

  /** How far one mean is above another, in pooled restart standard deviations. */
  public double deviations(Restarts upper, Restarts lower) throws NotEnoughRuns {
    if (upper.freedom(lower) < 1) {
      throw new NotEnoughRuns(name + ": one restart only, so no spread to measure with");
    }
    return upper.above(lower);
  }

  /** The minimum, after a check that there are enough restarts. */
  public CurveMinimum valley() throws NotEnoughRuns {
    CurveMinimum valley = CurveMinimum.of(samples);
    if (valley.verdict() == CurveMinimum.Verdict.TOO_FEW_RESTARTS) {
      throw new NotEnoughRuns(name + ": one restart only, so no spread to measure with");
    }
    return valley;
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
