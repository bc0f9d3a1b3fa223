package org.ratescope.cli.study;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ratescope.results.store.RecordArchive;

/** Finds results folders: folders with a folder {@code records}, unless that holds archives. */
public final class ResultsFolders {
  private ResultsFolders() {}

  /** The results folders that are in a folder itself, sorted by name; relative as the folder is. */
  public static List<Path> under(Path folder) {
    List<Path> found = new ArrayList<>();
    Path place = Files.isDirectory(folder) ? folder : folder.toAbsolutePath().getParent();
    if (place == null) {
      return found;
    }
    boolean here = place.toString().isEmpty();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(place.toAbsolutePath(), Files::isDirectory)) {
      for (Path entry : entries) {
        Path records = entry.resolve("records");
        if (Files.isDirectory(records) && RecordArchive.in(records).isEmpty()) {
          found.add(here ? entry.getFileName() : entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return found; // a folder that cannot be read has no results for this user
    }
    return found.stream().sorted().toList();
  }
}
