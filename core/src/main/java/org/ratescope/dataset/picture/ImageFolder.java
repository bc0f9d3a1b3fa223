package org.ratescope.dataset.picture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.ratescope.dataset.format.FormatException;

/**
 * A folder of pictures: all directly in it, or all in sub-folders, one for each class, at any
 * depth. Pictures are recognised by the suffixes of their names; other entries are counted. Order:
 * by class, then by the path in the class, as texts.
 *
 * @param root the folder
 * @param files the pictures
 * @param classes names of the sub-folders with pictures; empty if the pictures are directly in the
 *     folder
 * @param labels for each picture the index of its class; empty without classes
 * @param skipped the entries that are not readable pictures
 */
public record ImageFolder(
    Path root, List<Path> files, List<String> classes, List<Integer> labels, SkippedFiles skipped) {
  /** Maximum number of pictures in a folder. */
  public static final int MAX_FILES = 10_000_000;

  public ImageFolder {
    files = List.copyOf(files);
    classes = List.copyOf(classes);
    labels = List.copyOf(labels);
  }

  /**
   * Lists the pictures without opening them.
   *
   * @throws FormatException if there are none, if some are in the folder and some in sub-folders,
   *     or if a sub-folder has no readable picture
   */
  public static ImageFolder list(Path root) throws IOException {
    if (!Files.exists(root)) {
      throw new NoSuchFileException(root.toString());
    }
    FormatException.require(
        Files.isDirectory(root), root.toString(), "a file; expected a folder of pictures");
    FolderWalk top = FolderWalk.directlyIn(root);
    List<FolderWalk> inside = new ArrayList<>();
    for (Path folder : top.folders()) {
      inside.add(FolderWalk.below(folder, root));
    }
    SkippedFiles skipped = SkippedFiles.of(root);
    skipped.add(top.skipped());
    inside.forEach(walk -> skipped.add(walk.skipped()));
    List<Path> nested = inside.stream().flatMap(walk -> walk.pictures().stream()).toList();
    requireOneWay(root, top.pictures(), nested, skipped);
    if (nested.isEmpty()) {
      return new ImageFolder(root, top.pictures(), List.of(), List.of(), skipped);
    }
    return inClasses(root, inside, skipped);
  }

  private static void requireOneWay(
      Path root, List<Path> here, List<Path> nested, SkippedFiles skipped) throws FormatException {
    FormatException.require(
        !here.isEmpty() || !nested.isEmpty(),
        root.toString(),
        "no pictures (%s) in the folder or its sub-folders%s"
            .formatted(
                PictureForm.all(), skipped.total() == 0 ? "" : "; skipped: " + skipped.text()));
    if (!here.isEmpty() && !nested.isEmpty()) {
      throw new FormatException(
          root.toString(),
          "pictures both in the folder (%s) and in sub-folders (%s); expected all in one of them"
              .formatted(root.relativize(here.getFirst()), root.relativize(nested.getFirst())));
    }
  }

  private static ImageFolder inClasses(Path root, List<FolderWalk> inside, SkippedFiles skipped)
      throws FormatException {
    List<Path> files = new ArrayList<>();
    List<String> classes = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (FolderWalk walk : inside) {
      if (walk.pictures().isEmpty()) {
        FormatException.require(
            walk.skipped().visible() == 0,
            walk.folder().toString(),
            "a class of which nothing can be read; skipped: %s; convert the pictures to one of %s,"
                    .formatted(walk.skipped().text(), PictureForm.all())
                + " or move the folder away");
      } else {
        labels.addAll(Collections.nCopies(walk.pictures().size(), classes.size()));
        files.addAll(walk.pictures());
        classes.add(walk.folder().getFileName().toString());
      }
    }
    return new ImageFolder(root, files, classes, labels, skipped);
  }
}
