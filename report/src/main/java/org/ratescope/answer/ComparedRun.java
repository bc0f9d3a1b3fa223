package org.ratescope.answer;

/**
 * The numbers of one finished run that a comparison uses, in nats per example.
 *
 * @param beta its weight of the rate
 * @param seed its restart; runs of equal seed are paired over β
 * @param distortion its test distortion
 * @param standardError of the test distortion over test images
 * @param fall how much a tenth of the training still gains ({@link
 *     org.ratescope.results.Convergence}); NaN if unknown
 * @param fallError standard error of the fall; NaN if unknown
 */
public record ComparedRun(
    double beta,
    long seed,
    double distortion,
    double standardError,
    double fall,
    double fallError) {}
