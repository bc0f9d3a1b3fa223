package org.ratescope.dataset.hdf5;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.dataset.format.StoredArray;
import org.ratescope.dataset.hdf5.object.Hdf5File;
import org.ratescope.dataset.hdf5.object.NamedFile;
import org.ratescope.dataset.hdf5.object.ObjectHeader;

/** Opens arrays ("datasets") of HDF5 files by their names. */
public final class Hdf5 {
  private static final int MAX_LINKS = 16; // like the HDF5 library

  private int links;

  private Hdf5() {}

  /**
   * Reads the description of an array, but no value. Links are followed; links to other files only
   * inside the folder of the file with the link.
   *
   * @param name the array's name, {@code images} or {@code group/images}
   * @throws FormatException if the file is not an HDF5 file or is damaged, has no such array, or
   *     stores it in an unsupported form, with the reason
   */
  public static StoredArray open(Path file, String name) throws IOException {
    return new Hdf5().find(file, name, "%s (dataset %s)".formatted(file, name));
  }

  private Hdf5Array find(Path file, String name, String where) throws IOException {
    try (Hdf5File in = Hdf5File.open(file, where)) {
      Deque<String> parts = new ArrayDeque<>(List.of(name.split("/", -1)));
      long header = in.rootHeader();
      while (!parts.isEmpty()) {
        String part = parts.pop();
        if (part.isEmpty() || part.equals(".")) {
          continue;
        }
        switch (Group.member(in, header, part)) {
          case Group.Header member -> header = member.address();
          case Group.SoftLink link -> {
            countLink(in);
            header = link.path().startsWith("/") ? in.rootHeader() : header;
            List.of(link.path().split("/", -1)).reversed().forEach(parts::push);
          }
          case Group.ExternalLink link -> {
            countLink(in);
            parts.push(link.path());
            String rest = String.join("/", parts);
            Path target = NamedFile.find(in, link.file(), "what %s links to".formatted(part));
            String shown = (link.file() + " " + rest).replaceAll("\\p{C}", "?");
            return find(target, rest, "%s, a link to %s".formatted(where, shown));
          }
        }
      }
      return Hdf5Array.of(in, ObjectHeader.read(in, header));
    } catch (RuntimeException e) {
      throw damaged(where, e);
    }
  }

  private void countLink(Hdf5File in) throws IOException {
    links++;
    if (links > MAX_LINKS) {
      throw in.error("more than %d links lead to each other".formatted(MAX_LINKS));
    }
  }

  /** Inconsistent parts of a file cause many kinds of exceptions. */
  static FormatException damaged(String where, RuntimeException cause) {
    return new FormatException(where, "damaged: the parts of its structure do not fit", cause);
  }
}
