package org.ratescope.dataset.store;

/** Receives the progress of building images, or of other work with many units. */
@FunctionalInterface
public interface BuildListener {

  /** A listener that ignores all calls. */
  BuildListener SILENT = (what, done, total) -> {};

  /**
   * Progress, called by the working thread.
   *
   * @param what the data set, and the reason if damaged images are built again; or the current
   *     estimator
   * @param done number of finished units
   * @param total number of all units
   */
  void built(String what, long done, long total);
}
