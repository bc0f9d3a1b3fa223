package org.ratescope.file;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * A file that is written whole: beside its place, forced to disk, and renamed into it. A reader
 * sees the old file or the new one, never a part; a full disk or a kill leaves the old one. Two
 * processes may write the same file; two threads of one process may not.
 */
public final class WholeFile {
  /** Ending of a file that is being written; what a killed process leaves. */
  public static final String PART = ".part";

  /** What the name of a file that was set aside has after its old name, before a number. */
  public static final String DAMAGED = ".damaged-";

  private WholeFile() {}

  /** What is written. */
  @FunctionalInterface
  public interface Body {
    /** Writes everything, from the start of the channel. */
    void write(FileChannel out) throws IOException;
  }

  /** Writes those bytes. */
  public static void write(Path file, byte[] bytes) throws IOException {
    write(file, out -> writeFully(out, ByteBuffer.wrap(bytes)));
  }

  /**
   * Writes what the body writes. Folders that are missing are made. A write whose thread is
   * interrupted is done again, so that a process that is told to stop still keeps its state; the
   * thread stays interrupted.
   */
  public static void write(Path file, Body body) throws IOException {
    write(file, body, true);
  }

  /**
   * The same without forcing it to disk, which takes milliseconds: for what nothing else relies on.
   * A failure of power may leave an empty file.
   */
  public static void writeUnforced(Path file, byte[] bytes) throws IOException {
    write(file, out -> writeFully(out, ByteBuffer.wrap(bytes)), false);
  }

  private static void write(Path file, Body body, boolean forced) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (!writeOnce(file, body, forced)) {
        interrupted = true;
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Whether the write was not cut short by an interrupt. */
  private static boolean writeOnce(Path file, Body body, boolean forced) throws IOException {
    try {
      writeBeside(file, body, forced);
      return true;
    } catch (ClosedByInterruptException e) {
      return !Thread.interrupted(); // clears it, for the next try
    }
  }

  /** Reads a whole file, also where the thread is interrupted, which would end other readers. */
  public static byte[] read(Path file) throws IOException {
    try (InputStream in = new FileInputStream(file.toFile())) {
      return in.readAllBytes();
    }
  }

  /** Writes a small text in place of an older one, whole but not forced to disk. */
  public static void replace(Path file, String text) throws IOException {
    Path part = part(file);
    try {
      Files.writeString(part, text);
      moveIntoPlace(part, file);
    } catch (IOException e) {
      throw named(file, e);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void writeBeside(Path file, Body body, boolean forced) throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    createFolders(folder);
    Path part = part(file);
    try {
      try (FileChannel out =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        body.write(out);
        if (forced) {
          out.force(true);
        }
      }
      moveIntoPlace(part, file);
      if (forced) {
        force(folder);
      }
    } catch (IOException e) {
      throw named(file, e);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Makes a folder and those above it, each forced to disk. */
  private static void createFolders(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path above = folder.getParent();
    if (above != null) {
      createFolders(above);
    }
    Files.createDirectories(folder);
    if (above != null) {
      force(above);
    }
  }

  /**
   * Forces a folder's names to disk, so that a file that was renamed into it is there after a power
   * failure too. Windows and some file systems cannot: there nothing is done.
   */
  static void force(Path folder) throws ClosedByInterruptException {
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    } catch (ClosedByInterruptException e) {
      throw e; // it is done again
    } catch (IOException e) {
      // the file itself is on disk; of its name the system does not let us say so
    }
  }

  /** The error of a write, with the file's name: of a full disk Java says no more than that. */
  public static IOException named(Path file, IOException e) {
    boolean bare =
        e.getClass().equals(IOException.class)
            && !String.valueOf(e.getMessage()).contains(file.getFileName().toString());
    return bare ? new IOException("%s: %s".formatted(file, e.getMessage()), e) : e;
  }

  /** Where this process writes a file before it is renamed into place. */
  public static Path part(Path file) {
    return file.resolveSibling("%s.%s%s".formatted(file.getFileName(), ProcessMark.token(), PART));
  }

  /**
   * Renames a file that cannot be believed to {@code NAME.damaged-N} beside it, so that nothing is
   * lost and nothing is in the way of a new one.
   *
   * @return where it is now
   */
  public static Path setAside(Path file) throws IOException {
    for (int number = 1; ; number++) {
      Path aside = file.resolveSibling(file.getFileName() + DAMAGED + number);
      if (!Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
        return Files.move(file, aside);
      }
    }
  }

  /** Renames a finished part, in place of an older file. */
  public static void moveIntoPlace(Path part, Path file) throws IOException {
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Writes all of a buffer. */
  public static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
