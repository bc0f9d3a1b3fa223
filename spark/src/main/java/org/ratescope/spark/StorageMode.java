package org.ratescope.spark;

import java.io.Serializable;
import java.util.List;

/** Where executors read images and write results. */
sealed interface StorageMode extends Serializable {

  /**
   * The machines share folders under the same paths: executors write records and weights to their
   * final place, and a cohort of a lost executor resumes from its checkpoint on another.
   *
   * @param results the results folder
   * @param cache the folder of rendered data sets
   * @param datasets the folder of raw files of named data sets
   */
  record Shared(String results, String cache, String datasets) implements StorageMode {}

  /**
   * The machines share nothing: images are sent to each executor once, and it returns records and
   * weights to the driver. The checkpoints of an executor are lost with it.
   *
   * @param parcels the files that are sent
   */
  record Apart(List<Parcel> parcels) implements StorageMode {
    public Apart {
      parcels = List.copyOf(parcels);
    }
  }

  /**
   * A file that is sent to each executor.
   *
   * @param name its name for sending, unique among all
   * @param place its path in a cache folder
   */
  record Parcel(String name, String place) implements Serializable {}
}
