package org.ratescope.results;

import java.util.List;

/**
 * Estimates of a finished run with another prior in place of its own: one that was fitted to the
 * codes of its training examples, with encoder and decoder as they are.
 *
 * @param prior the text form of the fitted prior
 * @param ratescope the version that computed them
 * @param dataSha256 the data set's checksum, which is the record's
 * @param updates of the fit
 * @param estimates on the training and the test set
 */
public record PriorEstimates(
    String prior, String ratescope, String dataSha256, int updates, List<Estimate> estimates) {
  public PriorEstimates {
    estimates = List.copyOf(estimates);
  }
}
