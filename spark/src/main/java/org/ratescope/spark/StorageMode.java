package org.ratescope.spark;

import java.io.Serializable;
import java.util.List;

/** Where executors find images and leave results. */
sealed interface StorageMode extends Serializable {

  /**
   * The machines share folders, under the same names: records and weights go where they are to
   * stay, and a cohort of a lost executor goes on from its checkpoint on another.
   *
   * @param results the results folder
   * @param cache the folder of rendered data sets
   * @param datasets the folder of raw files of named data sets
   */
  record Shared(String results, String cache, String datasets) implements StorageMode {}

  /**
   * The machines share nothing: images are sent to each executor once, and records and weights come
   * back to the driver. The checkpoints of an executor are lost with it.
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
   * @param name what it is called on the way: distinct among all
   * @param place where it belongs in a cache folder
   */
  record Parcel(String name, String place) implements Serializable {}
}
