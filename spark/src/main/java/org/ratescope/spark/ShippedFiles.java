package org.ratescope.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.catalogue.Catalogue;
import org.ratescope.dataset.source.ImageLibrary;

/**
 * The files that executors without shared folders need: for computed images the images, for a named
 * data set its raw files, from which each executor builds the images once. A user's own images are
 * not sent: they must have the same path on every machine.
 */
final class ShippedFiles {
  private final Map<StorageMode.Parcel, Path> files = new LinkedHashMap<>();

  private ShippedFiles() {}

  static ShippedFiles of(Iterable<ImageSet> sets, ImageLibrary library) throws IOException {
    ShippedFiles parcels = new ShippedFiles();
    for (ImageSet images : sets) {
      if (images.source().origin().fingerprint().isEmpty()) {
        Path folder = library.folder(images.source());
        parcels.addAll(folder, folder.getFileName().toString());
      } else {
        String name = images.spec().name();
        parcels.addAll(library.datasets().resolve(name), "datasets/" + name);
        parcels.addCatalogue(library.datasets().resolve(Catalogue.OWN));
      }
    }
    return parcels;
  }

  /** The user's catalogue, which says how the files of the user's sets are read. */
  private void addCatalogue(Path file) {
    if (Files.isRegularFile(file)) {
      files.put(
          new StorageMode.Parcel("datasets-" + Catalogue.OWN, "datasets/" + Catalogue.OWN), file);
    }
  }

  /** The files of a folder; a missing folder has none, since its files are elsewhere. */
  private void addAll(Path folder, String place) throws IOException {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> found = Files.list(folder)) {
        for (Path file : found.sorted().toList()) {
          String name = file.getFileName().toString();
          if (Files.isRegularFile(file) && !name.endsWith(".part") && !name.endsWith(".lock")) {
            files.put(
                new StorageMode.Parcel(place.replace('/', '-') + "-" + name, place + "/" + name),
                file);
          }
        }
      }
    }
  }

  List<StorageMode.Parcel> list() {
    return new ArrayList<>(files.keySet());
  }

  /**
   * Links to the files in that folder, each with its name for sending, since Spark sends a file
   * under its own name.
   */
  List<Path> linkedIn(Path folder) throws IOException {
    List<Path> links = new ArrayList<>();
    for (Map.Entry<StorageMode.Parcel, Path> parcel : files.entrySet()) {
      links.add(
          Files.createSymbolicLink(
              folder.resolve(parcel.getKey().name()), parcel.getValue().toRealPath()));
    }
    return links;
  }
}
