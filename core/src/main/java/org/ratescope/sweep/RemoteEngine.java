package org.ratescope.sweep;

import java.util.Map;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.results.store.RecordStore;

/**
 * Carries out plans on other machines. Implementations are found on the class path by name ({@link
 * java.util.ServiceLoader}), so that only users who need them install them.
 */
public interface RemoteEngine {

  /** The name on the command line. */
  String name();

  /**
   * A runner on these machines.
   *
   * @param store the results folder
   * @param library the source of the images
   * @param settings settings of the engine, by its own names
   * @param shared whether the machines reach the results folder and the cache folder under the same
   *     paths; otherwise images are sent, and results are returned
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
