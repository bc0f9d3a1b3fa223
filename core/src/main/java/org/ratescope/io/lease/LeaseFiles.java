package org.ratescope.io.lease;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.ratescope.io.AtomicFile;

/**
 * The files of the leases, {@code NAME.GENERATION}. Each contains the name of its owner, and the
 * highest generation of a name is the valid lease. A process that takes over a lease from a dead
 * one creates the next generation. A file can be created only once, so only one process succeeds. A
 * generation is never renewed, so a process that lost its lease can always notice it.
 */
final class LeaseFiles {
  private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9-]{1,100}");

  private final Path folder;

  LeaseFiles(Path folder) {
    this.folder = folder;
  }

  private Path file(String name, int number) {
    return folder.resolve(name + "." + number);
  }

  private IOException gone(NoSuchFileException e) {
    return new IOException(
        folder
            + " is missing: the results folder was renamed or removed during training; the"
            + " same call with its new name resumes from the last checkpoint",
        e);
  }

  /** The highest generation of every name. */
  Map<String, Integer> highest() throws IOException {
    Map<String, Integer> highest = new HashMap<>();
    try (var files = Files.newDirectoryStream(folder, "*.[0-9]*")) {
      for (Path file : files) {
        String text = file.getFileName().toString();
        int dot = text.lastIndexOf('.');
        if (text.substring(dot + 1).matches("\\d{1,9}")) {
          highest.merge(
              text.substring(0, dot), Integer.parseInt(text.substring(dot + 1)), Math::max);
        }
      }
    } catch (NoSuchFileException e) {
      throw gone(e);
    }
    return highest;
  }

  /**
   * The owner of a generation. If a process died before it wrote the file, or if the file contains
   * anything else, the owner is one without a heartbeat.
   */
  String owner(String name, int number) {
    try {
      byte[] bytes = AtomicFile.read(file(name, number));
      String owner = new String(bytes, StandardCharsets.UTF_8).strip();
      return OWNER.matcher(owner).matches() ? owner : name + "." + number;
    } catch (IOException e) {
      return name + "." + number;
    }
  }

  /** Whether that generation exists. */
  boolean exists(String name, int number) {
    return Files.exists(file(name, number));
  }

  /** Creates a generation; returns whether no other process had created it. */
  boolean make(String name, int number, String owner) throws IOException {
    Path file = file(name, number);
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (NoSuchFileException e) {
      throw gone(e);
    }
    try (OutputStream out = new FileOutputStream(file.toFile())) {
      out.write(owner.getBytes(StandardCharsets.UTF_8));
      return true;
    } catch (IOException e) {
      Files.deleteIfExists(file); // for example on a full disk
      throw AtomicFile.named(file, e);
    }
  }

  /** Whether a generation still exists, belongs to its owner, and is the highest. */
  boolean isHeld(String name, int number, String owner) {
    return owner.equals(owner(name, number)) && !Files.exists(file(name, number + 1));
  }

  /** Deletes a generation. */
  void remove(String name, int number) throws IOException {
    Files.deleteIfExists(file(name, number));
  }

  /**
   * Deletes all generations up to one, the lowest first, so that the highest remaining one is the
   * lease.
   */
  void removeUpTo(String name, int number) throws IOException {
    for (int i = lowest(name, number); i <= number; i++) {
      remove(name, i);
    }
  }

  /** The lowest generation of the sequence without gaps that ends with this one. */
  int lowest(String name, int number) {
    int lowest = number;
    while (lowest > 0 && exists(name, lowest - 1)) {
      lowest--;
    }
    return lowest;
  }
}
