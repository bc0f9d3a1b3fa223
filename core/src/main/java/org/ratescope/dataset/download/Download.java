package org.ratescope.dataset.download;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ratescope.dataset.catalogue.KnownFile;
import org.ratescope.dataset.catalogue.KnownSet;
import org.ratescope.io.AtomicFile;
import org.ratescope.io.FolderLock;

/**
 * Gets the files of a data set into its folder. Files that are there are verified and kept; others
 * are placed only after their content was verified, by renaming. A call that was killed is gone on
 * with by the next one; of several at once one works, and the others find it done.
 */
public final class Download {
  /** Files that are written by one process only have its number in their names. */
  private static final Pattern LEFTOVER = Pattern.compile("\\.\\d+(\\.came)?\\.part$");

  private final KnownSet set;
  private final DatasetFolder folder;
  private final Timeouts timeouts;
  private final DownloadListener listener;
  private final FileInstaller placement;

  private Download(
      KnownSet set, DatasetFolder folder, Timeouts timeouts, DownloadListener listener) {
    this.set = set;
    this.folder = folder;
    this.timeouts = timeouts;
    this.listener = listener;
    this.placement = new FileInstaller(folder, listener);
  }

  /**
   * Getting a set into a folder of the data folder.
   *
   * @param root the data folder, made if need be
   */
  public static Download of(KnownSet set, Path root, Timeouts timeouts, DownloadListener listener) {
    return new Download(set, DatasetFolder.of(root, set), timeouts, listener);
  }

  /** How one file that is not there is got. */
  private interface Source {
    Optional<PlacedFile> place(KnownFile file, boolean alone)
        throws IOException, InterruptedException;
  }

  /**
   * Gets what is missing from the set's mirrors, each tried in turn.
   *
   * @return all files of the set
   * @throws IOException naming each mirror and what went wrong with it, and what can be done; or
   *     the folder, if it cannot be written or lacks space
   */
  public List<PlacedFile> fromMirrors() throws IOException, InterruptedException {
    try (ResumableTransfer transfer = new ResumableTransfer(timeouts)) {
      return got((file, alone) -> Optional.of(download(file, transfer, alone)));
    }
  }

  /**
   * Takes what is missing from files that a person has. Those stay; where the file system can, the
   * set's folder gets a second name for the same bytes.
   *
   * @param path a folder with the files under accepted names, plain or in gzip; or one file, under
   *     any name if the set has only one
   * @return all files of the set
   * @throws IOException naming a file that is wrong; or, when all others are in place, those that
   *     are missing and the names that were looked for
   */
  public List<PlacedFile> fromPath(Path path) throws IOException, InterruptedException {
    SuppliedFiles own = SuppliedFiles.at(path, set);
    List<PlacedFile> placed = got((file, alone) -> take(file, own));
    List<KnownFile> missing = new ArrayList<>(set.files());
    placed.forEach(there -> missing.remove(there.file()));
    if (!missing.isEmpty()) {
      throw new IOException(
          "%d of %d files of %s are in %s; of the others %s has none of the names %s"
              .formatted(
                  placed.size(),
                  set.files().size(),
                  set.name(),
                  folder.path(),
                  path,
                  missing.stream()
                      .flatMap(file -> file.acceptedNames().stream())
                      .collect(Collectors.joining(", "))));
    }
    return placed;
  }

  private List<PlacedFile> got(Source source) throws IOException, InterruptedException {
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
            Optional<PlacedFile> placed =
                meanwhile.isPresent() ? meanwhile : source.place(file, lock.exclusive());
            placed.ifPresent(now -> there.put(file, now));
          }
        }
      }
    }
    return set.files().stream().flatMap(file -> Stream.ofNullable(there.get(file))).toList();
  }

  private Optional<PlacedFile> present(KnownFile file, boolean tell) throws IOException {
    try {
      return placement.present(file);
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
          "%s cannot be written (%s needs %d bytes there): %s"
              .formatted(folder.path(), set.name(), set.bytes(), e),
          e);
    }
  }

  /** Deletes what killed processes were about to rename; what came from mirrors stays. */
  private void deleteLeftovers() throws IOException {
    try (Stream<Path> files = Files.list(folder.path())) {
      for (Path file : files.filter(f -> LEFTOVER.matcher(f.toString()).find()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private Optional<PlacedFile> take(KnownFile file, SuppliedFiles own) throws IOException {
    Optional<Path> source = own.find(file);
    try {
      return source.isPresent()
          ? Optional.of(placement.taken(file, source.get()))
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

  private PlacedFile download(KnownFile file, ResumableTransfer transfer, boolean alone)
      throws IOException, InterruptedException {
    PartialFile part = PartialFile.at(partPath(file, alone));
    List<String> tried = new ArrayList<>();
    for (URI mirror : set.mirrors()) {
      URI url = mirror.resolve(file.remoteName());
      try {
        return downloaded(file, transfer, part, url);
      } catch (TransferFailure | WrongContent e) {
        tried.add(url + ": " + e.getMessage());
        listener.noted("%s: %s".formatted(url, e.getMessage()));
      } catch (ClosedByInterruptException e) {
        throw new InterruptedException("while writing to " + folder.path());
      } catch (IOException e) {
        throw cannotPlace(file, e);
      }
    }
    throw new IOException(
        ("%s of %s could not be got. Tried: %s. When you are online again, the same call goes on"
                + " where this one ended; 'ratescope data get %s --from PATH' takes files you have;"
                + " other mirrors can be named in %s (docs/data-get.md)")
            .formatted(
                file.name(),
                set.name(),
                tried.isEmpty()
                    ? "nothing, the catalogue names no mirror"
                    : String.join("; ", tried),
                set.name(),
                folder.path().resolveSibling("datasets.yaml")));
  }

  /** A part that no other process writes to, even where the file system has no locks. */
  private Path partPath(KnownFile file, boolean alone) {
    String own = alone ? "" : "." + ProcessHandle.current().pid() + ".came";
    return folder.path().resolve(file.name() + own + AtomicFile.PART);
  }

  private PlacedFile downloaded(
      KnownFile file, ResumableTransfer transfer, PartialFile part, URI url)
      throws IOException, InterruptedException {
    boolean continued = part.length(url) > 0;
    transfer.fetch(url, part, file.mostBytes(), new FileWatcher(file, url, folder, listener));
    try {
      return placement.downloaded(file, part, url);
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
        "%s cannot be placed in %s, which takes %d bytes: %s"
            .formatted(file.name(), folder.path(), file.bytes(), e),
        e);
  }
}
