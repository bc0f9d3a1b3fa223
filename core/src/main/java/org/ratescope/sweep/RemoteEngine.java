package org.ratescope.sweep;

import java.util.Map;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.results.store.RecordStore;

/**
 * A way to carry out plans on other machines. It is found on the class path by its name ({@link
 * java.util.ServiceLoader}), so that nobody carries along what only some ask for.
 */
public interface RemoteEngine {

  /** What it is called on the command line. */
  String name();

  /**
   * A runner on those machines.
   *
   * @param store the results folder
   * @param library where images come from
   * @param settings of the engine, in its own words
   * @param shared whether the machines reach the results folder and the cache folder under the same
   *     names; otherwise images are sent, and results come back
   * @param allowedFailures how many runs may fail before the runner stops
   * @throws IllegalArgumentException if a setting is missing or wrong
   */
  Runner runner(
      RecordStore store,
      ImageLibrary library,
      Map<String, String> settings,
      boolean shared,
      int allowedFailures);
}
