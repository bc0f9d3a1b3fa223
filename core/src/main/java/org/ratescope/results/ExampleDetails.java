package org.ratescope.results;

import java.util.List;

/**
 * Test examples one by one as a run's model remembers them (Equation 5, appendix C.1 and C.3), and
 * pictures of some. Distances are Euclidean, in pixel values.
 *
 * @param trainExamples N, training images among which weights are spread
 * @param examples test examples, in the order of the test set
 * @param pictures some of them as images; the same for all runs of a split
 */
public record ExampleDetails(int trainExamples, List<Example> examples, List<Sheet> pictures) {
  public ExampleDetails {
    examples = List.copyOf(examples);
    pictures = List.copyOf(pictures);
  }

  /**
   * One test example x, its reconstruction x̂ at the posterior's mean, and mu, the mean of the
   * training images weighted by Equation 5.
   *
   * @param index its row in the test set
   * @param neighbourDistance ‖x − its nearest training image‖
   * @param imageToMu ‖x − mu‖
   * @param reconstructionToImage ‖x̂ − x‖
   * @param reconstructionToMu ‖x̂ − mu‖
   * @param distortionOfImage −log p(x|z): the cross-entropy of x and x̂ under a Bernoulli
   *     likelihood, in nats
   * @param distortionOfMu −log p(mu|z), likewise
   * @param perplexity exp of the weights' entropy, from 1 to N
   * @param largestWeight the largest weight
   * @param heaviest the row in the training set of the image that has it
   */
  public record Example(
      int index,
      double neighbourDistance,
      double imageToMu,
      double reconstructionToImage,
      double reconstructionToMu,
      double distortionOfImage,
      double distortionOfMu,
      double perplexity,
      double largestWeight,
      int heaviest) {}

  /**
   * One test example in pictures: PNG files in {@code data:} form.
   *
   * @param name {@code easy}, {@code typical}, {@code hard}: at the 5th, 50th and 95th percentile
   *     of the distance to the nearest training image; or {@code example 1}, {@code example 2}, …
   * @param index its row in the test set
   * @param original x
   * @param reconstruction x̂
   * @param mu mu
   * @param heaviest the training images of largest weight, at most three, the largest first
   */
  public record Sheet(
      String name,
      int index,
      String original,
      String reconstruction,
      String mu,
      List<Heavy> heaviest) {
    public Sheet {
      heaviest = List.copyOf(heaviest);
    }
  }

  /**
   * A training image with a large weight.
   *
   * @param weight its weight
   * @param index its row in the training set
   * @param image a PNG file in {@code data:} form
   */
  public record Heavy(double weight, int index, String image) {}
}
