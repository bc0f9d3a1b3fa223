package org.ratescope.dataset.download;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.ratescope.dataset.catalogue.KnownFile;
import org.ratescope.dataset.download.PlacedFile.How;
import org.ratescope.io.AtomicFile;

/**
 * Puts content into a data set's folder once it is known to be right: unpacked, forced to disk, and
 * renamed, so that a reader never sees anything else under a file's name.
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
    Content content = Content.read(file, found.get(), Content.Sink.NOTHING, progress(file));
    return Optional.of(placed(file, found.get(), How.PRESENT, found.get().toString(), content));
  }

  /** Places what has come from a mirror. The part is gone afterwards if it was right. */
  PlacedFile downloaded(KnownFile file, PartialFile part, URI url) throws IOException {
    Content content;
    if (Content.isGzip(part.path())) {
      content = copied(file, part.path());
      part.discard();
    } else {
      content = Content.read(file, part.path(), Content.Sink.NOTHING, progress(file));
      force(part.path());
      AtomicFile.moveIntoPlace(part.path(), target(file));
      part.discard();
    }
    return placed(file, target(file), How.DOWNLOADED, url.toString(), content);
  }

  /** Places a file that a person has, which stays where it is. */
  PlacedFile taken(KnownFile file, Path source) throws IOException {
    Path real = source.toRealPath();
    if (!Content.isGzip(real)) {
      Content content = Content.read(file, real, Content.Sink.NOTHING, progress(file));
      if (linked(file, real)) {
        return placed(file, target(file), How.LINKED, source.toString(), content);
      }
    }
    return placed(file, target(file), How.COPIED, source.toString(), copied(file, real));
  }

  /** Whether the file system could give the same bytes a second name. */
  private boolean linked(KnownFile file, Path source) throws IOException {
    Path link = AtomicFile.part(target(file));
    try {
      Files.createLink(link, source);
      AtomicFile.moveIntoPlace(link, target(file));
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false; // another file system, or one without links: it is copied
    } finally {
      Files.deleteIfExists(link);
    }
  }

  private Content copied(KnownFile file, Path source) throws IOException {
    AtomicReference<@Nullable Content> content = new AtomicReference<>();
    AtomicFile.write(
        target(file),
        out ->
            content.set(
                Content.read(
                    file,
                    source,
                    (bytes, count) -> AtomicFile.writeFully(out, ByteBuffer.wrap(bytes, 0, count)),
                    progress(file))));
    return Objects.requireNonNull(content.get());
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  Path target(KnownFile file) {
    return folder.path().resolve(file.name());
  }

  private LongConsumer progress(KnownFile file) {
    String what = "checking " + file.name();
    return bytes -> listener.advanced(what, bytes, file.bytes());
  }

  private static PlacedFile placed(
      KnownFile file, Path path, How how, String origin, Content content) {
    return new PlacedFile(file, path, how, origin, content.sha256());
  }
}
