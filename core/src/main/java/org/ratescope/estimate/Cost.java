package org.ratescope.estimate;

/**
 * What an estimate on one subset of the data costs, for forecasts.
 *
 * @param passes passes of one example through encoder and decoder; one of the two counts half
 * @param values numbers of posteriors and images that are compared with each other in float64
 */
public record Cost(double passes, double values) {
  /** Nothing. */
  public static final Cost NONE = new Cost(0, 0);

  /**
   * What an estimate is about, in numbers.
   *
   * @param examples how many examples of the subset are used
   * @param train size of the training set
   * @param latentSize values of a code
   * @param dimensions values of an image
   */
  public record Scale(long examples, long train, int latentSize, int dimensions) {}

  /** Passes only. */
  public static Cost passes(double count) {
    return new Cost(count, 0);
  }

  /** Both together. */
  public Cost plus(Cost other) {
    return new Cost(passes + other.passes, values + other.values);
  }

  /** Half of it: for an estimate on one of both subsets. */
  public Cost half() {
    return new Cost(passes / 2, values / 2);
  }
}
