package org.ratescope.dataset.store;

/** Told while images are built, or other work of many units is done. */
@FunctionalInterface
public interface BuildListener {

  /** A listener that ignores what it is told. */
  BuildListener SILENT = (what, done, total) -> {};

  /**
   * Progress, from the thread that does the work.
   *
   * @param what the data set, and why it is built again when kept images were damaged; or the
   *     estimator at work
   * @param done units done so far
   * @param total units to do
   */
  void built(String what, long done, long total);
}
