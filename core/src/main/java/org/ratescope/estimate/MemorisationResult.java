package org.ratescope.estimate;

/**
 * How one example is remembered: which training images the weights of Equation 5 at z = the
 * posterior's mean point to, and whether the reconstruction x̂ is nearer to their weighted mean mu
 * or to the image x. Distances are Euclidean, in pixel values.
 *
 * @param perplexity exp(H(w)), from 1 to the number of training examples
 * @param largestWeight the largest weight
 * @param nearest the data set's row of the training image that has it
 * @param imageToMu ‖x − mu‖
 * @param reconstructionToMu ‖x̂ − mu‖
 * @param reconstructionToImage ‖x̂ − x‖
 * @param distortionOfImage −log p(x|z), the cross-entropy of Figure A6, in nats
 * @param distortionOfMu −log p(mu|z), in nats
 */
public record MemorisationResult(
    double perplexity,
    double largestWeight,
    int nearest,
    double imageToMu,
    double reconstructionToMu,
    double reconstructionToImage,
    double distortionOfImage,
    double distortionOfMu) {}
