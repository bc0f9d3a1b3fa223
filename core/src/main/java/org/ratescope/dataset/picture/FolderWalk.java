package org.ratescope.dataset.picture;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.ratescope.dataset.format.FormatException;

/**
 * The pictures of one folder in order, the skipped entries, and the sub-folders. Links are
 * followed, except to a folder that contains the current one.
 */
final class FolderWalk {
  private final Path folder;
  private final List<Path> pictures = new ArrayList<>();
  private final List<Path> folders = new ArrayList<>();
  private final SkippedFiles skipped;
  private int visited;

  private FolderWalk(Path folder, Path root) {
    this.folder = folder;
    this.skipped = SkippedFiles.of(root);
  }

  /** Without its sub-folders. */
  static FolderWalk directlyIn(Path folder) throws IOException {
    FolderWalk walk = new FolderWalk(folder, folder);
    walk.folders.addAll(walk.entries(folder));
    return walk.sorted();
  }

  /** With all its sub-folders, at any depth. */
  static FolderWalk below(Path folder, Path root) throws IOException {
    FolderWalk walk = new FolderWalk(folder, root);
    walk.descend(folder, List.of(root.toRealPath()));
    return walk.sorted();
  }

  Path folder() {
    return folder;
  }

  List<Path> pictures() {
    return pictures;
  }

  List<Path> folders() {
    return folders;
  }

  SkippedFiles skipped() {
    return skipped;
  }

  private FolderWalk sorted() {
    Comparator<Path> order = Comparator.comparing(path -> text(folder.relativize(path)));
    pictures.sort(order);
    folders.sort(order);
    return this;
  }

  /** The same order on all systems. */
  private static String text(Path relative) {
    return StreamSupport.stream(relative.spliterator(), false)
        .map(Path::toString)
        .collect(Collectors.joining("/"));
  }

  private void descend(Path at, List<Path> above) throws IOException {
    Path real = at.toRealPath();
    if (above.contains(real)) {
      skipped.add("link to a folder above", at);
      return;
    }
    List<Path> way = new ArrayList<>(above);
    way.add(real);
    for (Path inner : entries(at)) {
      descend(inner, way);
    }
  }

  /** Collects the pictures of one folder and returns its sub-folders. */
  private List<Path> entries(Path at) throws IOException {
    List<Path> inner = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(at)) {
      for (Path entry : entries) {
        FormatException.require(
            ++visited <= ImageFolder.MAX_FILES,
            folder.toString(),
            "more than %d files and folders".formatted(ImageFolder.MAX_FILES));
        if (entry.getFileName().toString().startsWith(".")) {
          skipped.hidden(entry);
        } else if (Files.isDirectory(entry)) {
          inner.add(entry);
        } else {
          file(entry);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return inner;
  }

  private void file(Path entry) {
    if (!Files.exists(entry)) {
      skipped.add("broken link", entry);
    } else if (!Files.isRegularFile(entry)) {
      skipped.add("pipe, socket or device", entry);
    } else if (PictureForm.named(entry.getFileName().toString())) {
      pictures.add(entry);
    } else {
      skipped.unknown(entry);
    }
  }
}
