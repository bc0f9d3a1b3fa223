package org.ratescope.dataset.download;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ratescope.dataset.catalogue.KnownFile;
import org.ratescope.dataset.catalogue.KnownSet;
import org.ratescope.io.AtomicFile;
import org.ratescope.io.FolderLock;
import org.ratescope.io.RegularFile;

/**
 * Brings the files of a data set into its folder. Files that are there are verified and kept;
 * others are verified, then renamed into place. A call continues what a killed one began; of
 * several calls at once one works, and the others find the files afterwards.
 */
public final class Download {
  /** Files that one process writes have its number in their names. */
  private static final Pattern LEFTOVER = Pattern.compile("\\.\\d+(\\.came)?\\.part$");

  private final KnownSet set;
  private final DatasetFolder folder;
  private final Timeouts timeouts;
  private final DownloadListener listener;
  private final FileInstaller installer;

  private Download(
      KnownSet set, DatasetFolder folder, Timeouts timeouts, DownloadListener listener) {
    this.set = set;
    this.folder = folder;
    this.timeouts = timeouts;
    this.listener = listener;
    this.installer = new FileInstaller(folder, listener);
  }

  /**
   * A download of a set into a folder of the data folder.
   *
   * @param root the data folder, created if need be
   */
  public static Download of(KnownSet set, Path root, Timeouts timeouts, DownloadListener listener) {
    return new Download(set, DatasetFolder.of(root, set), timeouts, listener);
  }

  /** A place that may have a file that is not in the folder. */
  private interface Source {
    Optional<PlacedFile> place(KnownFile file, boolean alone)
        throws IOException, InterruptedException;
  }

  /**
   * Fetches missing files from the set's mirrors, trying each in turn.
   *
   * @return all files of the set
   * @throws IOException naming each mirror and its failure, and what the user can do; or the
   *     folder, if it cannot be written or lacks space
   */
  public List<PlacedFile> fromMirrors() throws IOException, InterruptedException {
    try (ResumableTransfer transfer = new ResumableTransfer(timeouts, listener)) {
      return complete((file, alone) -> Optional.of(download(file, transfer, alone)));
    }
  }

  /**
   * Takes missing files from the user's. Those stay; where the file system can, the set's folder
   * gets a second name for the same bytes.
   *
   * @param path a folder with the files under accepted names, plain or in gzip; or one file, under
   *     any name if the set has only one
   * @return all files of the set
   * @throws IOException naming a wrong file; or, when all others are in place, the missing ones
   */
  public List<PlacedFile> fromPath(Path path) throws IOException, InterruptedException {
    if (!Files.exists(path)) {
      throw new IOException("%s: no such file or folder".formatted(path));
    }
    if (!Files.isDirectory(path)) {
      requireFile(path);
    }
    List<PlacedFile> placed = complete((file, alone) -> take(file, path));
    List<KnownFile> missing = new ArrayList<>(set.files());
    placed.forEach(there -> missing.remove(there.file()));
    if (!missing.isEmpty()) {
      String names =
          missing.stream()
              .flatMap(file -> file.acceptedNames().stream())
              .collect(Collectors.joining(", "));
      throw new IOException(
          "%s of %s files of %s are in %s; of the others %s has none of the names %s"
              .formatted(
                  placed.size(), set.files().size(), set.name(), folder.path(), path, names));
    }
    return placed;
  }

  private static void requireFile(Path path) throws IOException {
    try {
      RegularFile.require(path);
    } catch (FileSystemException e) {
      throw new IOException("%s: %s".formatted(path, e.getReason()), e);
    }
  }

  private List<PlacedFile> complete(Source source) throws IOException, InterruptedException {
    Map<KnownFile, PlacedFile> there = new LinkedHashMap<>();
    for (KnownFile file : set.files()) {
      present(file, false).ifPresent(placed -> there.put(file, placed));
    }
    if (there.size() < set.files().size()) { // else nothing is written, not even a lock
      try (FolderLock lock = lock()) {
        if (lock.exclusive()) {
          deleteLeftovers();
        }
        for (KnownFile file : set.files()) {
          if (!there.containsKey(file)) {
            Optional<PlacedFile> meanwhile = present(file, true);
            (meanwhile.isPresent() ? meanwhile : source.place(file, lock.exclusive()))
                .ifPresent(now -> there.put(file, now));
          }
        }
      }
    }
    return set.files().stream().flatMap(file -> Stream.ofNullable(there.get(file))).toList();
  }

  private Optional<PlacedFile> present(KnownFile file, boolean tell) throws IOException {
    try {
      return installer.present(file);
    } catch (WrongContent e) {
      if (tell) {
        listener.noted(
            "%s in %s is got again: its content %s"
                .formatted(file.name(), folder.path(), e.getMessage()));
      }
      return Optional.empty();
    }
  }

  private FolderLock lock() throws IOException {
    try {
      Files.createDirectories(folder.path());
      return FolderLock.take(
          folder.path(),
          () -> listener.noted("another process is getting " + set.name() + ", waiting"));
    } catch (IOException e) {
      throw new IOException(
          "%s cannot be written (%s needs %s bytes there): %s"
              .formatted(folder.path(), set.name(), set.bytes(), e),
          e);
    }
  }

  /** Deletes what killed processes were about to rename; parts from mirrors stay. */
  private void deleteLeftovers() throws IOException {
    List<Path> parts = set.files().stream().map(file -> part(file, "")).toList();
    try (Stream<Path> files = Files.list(folder.path())) {
      for (Path file : files.filter(f -> LEFTOVER.matcher(f.toString()).find()).toList()) {
        if (!parts.contains(file)) { // a name may end in a number: faces.2020
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private Path part(KnownFile file, String process) {
    return folder.path().resolve(file.name() + process + AtomicFile.PART);
  }

  private Optional<PlacedFile> take(KnownFile file, Path path) throws IOException {
    Optional<Path> source = supplied(file, path);
    try {
      return source.isPresent()
          ? Optional.of(installer.taken(file, source.get()))
          : Optional.empty();
    } catch (WrongContent e) {
      throw new IOException(
          "%s is not %s of %s: its content %s"
              .formatted(source.get(), file.name(), set.name(), e.getMessage()),
          e);
    } catch (IOException e) {
      throw cannotPlace(file, e);
    }
  }

  private Optional<Path> supplied(KnownFile file, Path path) {
    if (Files.isDirectory(path)) {
      return file.acceptedNames().stream()
          .map(path::resolve)
          .filter(Files::isRegularFile)
          .findFirst();
    }
    String name = Objects.requireNonNull(path.getFileName(), "a file has a name").toString();
    boolean mayBe = set.files().size() == 1 || file.acceptedNames().contains(name);
    return mayBe ? Optional.of(path) : Optional.empty();
  }

  private PlacedFile download(KnownFile file, ResumableTransfer transfer, boolean alone)
      throws IOException, InterruptedException {
    // without locks, another process may write at the same time: to a part of its own
    String own = alone ? "" : "." + ProcessHandle.current().pid() + ".came";
    PartialFile part = new PartialFile(part(file, own));
    List<String> tried = new ArrayList<>();
    for (URI mirror : set.mirrors()) {
      URI url = mirror.resolve(file.remoteName());
      try {
        return downloaded(file, transfer, part, url);
      } catch (TransferFailure | WrongContent e) {
        tried.add(url + ": " + e.getMessage());
        listener.noted(tried.getLast());
      } catch (ClosedByInterruptException e) {
        throw new InterruptedException("while writing to " + folder.path());
      } catch (IOException e) {
        throw cannotPlace(file, e);
      }
    }
    String failures =
        tried.isEmpty() ? "nothing, the catalogue names no mirror" : String.join("; ", tried);
    throw new IOException(
        ("%s of %s could not be got. Tried: %s. When you are online again, the same call goes on"
                + " where this one ended; 'ratescope data get %s --from PATH' takes files you have;"
                + " other mirrors can be named in %s (docs/data-get.md)")
            .formatted(
                file.name(),
                set.name(),
                failures,
                set.name(),
                folder.path().resolveSibling("datasets.yaml")));
  }

  private PlacedFile downloaded(
      KnownFile file, ResumableTransfer transfer, PartialFile part, URI url)
      throws IOException, InterruptedException {
    boolean continued = part.length(url) > 0;
    transfer.fetch(file, url, part);
    try {
      return installer.downloaded(file, part, url);
    } catch (WrongContent e) {
      part.discard();
      if (continued) { // perhaps of two different files
        return downloaded(file, transfer, part, url);
      }
      throw new WrongContent("wrong file, its content " + e.getMessage());
    }
  }

  private IOException cannotPlace(KnownFile file, IOException e) {
    return new IOException(
        "%s cannot be placed in %s, which takes %s bytes: %s"
            .formatted(file.name(), folder.path(), file.bytes(), e),
        e);
  }
}
