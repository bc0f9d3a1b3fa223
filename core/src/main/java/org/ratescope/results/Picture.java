package org.ratescope.results;

import org.ratescope.spec.Subset;

/**
 * One example as the run's model sees it. The images are PNG files in {@code data:} form.
 *
 * @param name why the example was picked: {@code hard} is the test image at the 90th percentile of
 *     nearest-neighbour distance
 * @param subset the set that the example belongs to
 * @param index its row in that set
 * @param distance its Euclidean pixel distance to the nearest training image
 * @param original the example
 * @param neighbour its nearest training image
 * @param reconstruction the decoder's mean at the posterior's mean
 */
public record Picture(
    String name,
    Subset subset,
    int index,
    double distance,
    String original,
    String neighbour,
    String reconstruction) {}
