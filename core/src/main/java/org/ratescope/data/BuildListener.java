package org.ratescope.data;

/** Told while images are built; never called when kept images are used. */
@FunctionalInterface
public interface BuildListener {

  /** A listener that ignores what it is told. */
  BuildListener SILENT = (what, done, total) -> {};

  /**
   * Progress of a build, from the thread that opens the images.
   *
   * @param what the data set, and why it is built again when kept images were damaged
   * @param done images made so far
   * @param total images to make
   */
  void built(String what, long done, long total);
}
