package org.ratescope.dataset.download;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.ratescope.dataset.catalogue.KnownFile;
import org.ratescope.dataset.download.PlacedFile.How;
import org.ratescope.io.AtomicFile;

/**
 * Puts verified content into a data set's folder: unpacked, forced to disk, and renamed, so that a
 * reader never sees anything else under a file's name.
 */
final class FileInstaller {
  private final DatasetFolder folder;
  private final DownloadListener listener;

  FileInstaller(DatasetFolder folder, DownloadListener listener) {
    this.folder = folder;
    this.listener = listener;
  }

  /**
   * The file, if it is there, verified again.
   *
   * @throws WrongContent if it is there and wrong
   */
  Optional<PlacedFile> present(KnownFile file) throws IOException {
    Optional<Path> found = folder.find(file.name());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Path path = found.get();
    return Optional.of(
        new PlacedFile(file, path, How.PRESENT, path.toString(), verified(file, path)));
  }

  /** Places a file that came from a mirror, and deletes the part. */
  PlacedFile downloaded(KnownFile file, PartialFile part, URI url) throws IOException {
    String sha256;
    if (Content.isGzip(part.path())) {
      sha256 = copied(file, part.path());
    } else {
      sha256 = verified(file, part.path());
      try (FileChannel channel = FileChannel.open(part.path(), StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      AtomicFile.moveIntoPlace(part.path(), target(file));
    }
    part.discard();
    return new PlacedFile(file, target(file), How.DOWNLOADED, url.toString(), sha256);
  }

  /** Places a file of the user, which stays where it is. */
  PlacedFile taken(KnownFile file, Path source) throws IOException {
    Path real = source.toRealPath();
    if (!Content.isGzip(real)) {
      String sha256 = verified(file, real);
      if (linked(file, real)) {
        return new PlacedFile(file, target(file), How.LINKED, source.toString(), sha256);
      }
    }
    return new PlacedFile(file, target(file), How.COPIED, source.toString(), copied(file, real));
  }

  /** Whether the file system could give the same bytes a second name. */
  private boolean linked(KnownFile file, Path source) throws IOException {
    Path link = AtomicFile.part(target(file));
    try {
      Files.createLink(link, source);
      AtomicFile.moveIntoPlace(link, target(file));
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false; // another file system, or one without links
    } finally {
      Files.deleteIfExists(link);
    }
  }

  private String copied(KnownFile file, Path source) throws IOException {
    String[] sha256 = {""};
    AtomicFile.write(
        target(file), out -> sha256[0] = read(file, source, Channels.newOutputStream(out)));
    return sha256[0];
  }

  private String verified(KnownFile file, Path source) throws IOException {
    return read(file, source, OutputStream.nullOutputStream());
  }

  private String read(KnownFile file, Path source, OutputStream sink) throws IOException {
    String what = "checking " + file.name();
    return Content.read(file, source, sink, bytes -> listener.advanced(what, bytes, file.bytes()));
  }

  private Path target(KnownFile file) {
    return folder.path().resolve(file.name());
  }
}
