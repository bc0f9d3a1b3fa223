package org.ratescope.format;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * A folder of PNG and JPEG pictures: all directly in it, or all in sub-folders, one for each class.
 * Pictures are told by their endings {@code .png}, {@code .jpg}, {@code .jpeg}; other files, and
 * names that begin with a dot, are passed over. Order: by class, then by file name, as texts.
 *
 * @param root the folder
 * @param files the pictures
 * @param classes names of the sub-folders that hold pictures; none if they are directly in the
 *     folder
 * @param labels for each picture the index of its class; empty without classes
 */
public record ImageFolder(Path root, List<Path> files, List<String> classes, List<Integer> labels) {
  /** Most pictures of a folder. */
  public static final int MAX_FILES = 10_000_000;

  public ImageFolder {
    files = List.copyOf(files);
    classes = List.copyOf(classes);
    labels = List.copyOf(labels);
  }

  /**
   * Lists the pictures; none is opened.
   *
   * @throws FormatException if there are none, or some are in the folder and some in sub-folders
   */
  public static ImageFolder list(Path root) throws IOException {
    if (!Files.exists(root)) {
      throw new NoSuchFileException(root.toString());
    }
    if (!Files.isDirectory(root)) {
      throw new NotDirectoryException(root.toString());
    }
    List<Path> here = new ArrayList<>();
    List<Path> folders = new ArrayList<>();
    sort(root, here, folders);
    List<Path> files = new ArrayList<>();
    List<String> classes = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (Path folder : folders) {
      List<Path> inside = new ArrayList<>();
      sort(folder, inside, new ArrayList<>());
      labels.addAll(Collections.nCopies(inside.size(), classes.size()));
      files.addAll(inside);
      if (!inside.isEmpty()) {
        classes.add(folder.getFileName().toString());
      }
    }
    FormatException.require(
        !here.isEmpty() || !files.isEmpty(),
        root.toString(),
        "no PNG or JPEG pictures in the folder or its sub-folders");
    if (!here.isEmpty() && !files.isEmpty()) {
      throw new FormatException(
          root.toString(),
          "pictures both in the folder (%s) and in sub-folders (%s), allowed: one or the other"
              .formatted(root.relativize(here.getFirst()), root.relativize(files.getFirst())));
    }
    return new ImageFolder(root, here.isEmpty() ? files : here, classes, labels);
  }

  private static void sort(Path folder, List<Path> pictures, List<Path> folders)
      throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString().toLowerCase(Locale.ROOT);
        if (Files.isDirectory(entry) && !name.startsWith(".")) {
          folders.add(entry);
        } else if (name.matches("[^.].*\\.(png|jpe?g)")) {
          pictures.add(entry);
        }
        FormatException.require(
            pictures.size() <= MAX_FILES,
            folder.toString(),
            "more than %d pictures".formatted(MAX_FILES));
      }
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    pictures.sort((a, b) -> a.getFileName().toString().compareTo(b.getFileName().toString()));
    folders.sort((a, b) -> a.getFileName().toString().compareTo(b.getFileName().toString()));
  }
}
