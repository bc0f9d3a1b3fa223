package org.ratescope.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The native libraries of some jars, unpacked to a folder {@code NAME-OF-JAR/PATH-IN-JAR}, where
 * JavaCPP looks for them. The folder is complete if it has a list of its files with their sizes,
 * and the files agree with it. The list is written last, after all files were loaded and forced to
 * disk. One process empties and fills an incomplete folder while others wait. JavaCPP alone would
 * leave a truncated file if the process is killed, and a process that loads a truncated library
 * dies with a signal.
 */
public final class UnpackedLibraries {
  private static final String LIST = "libraries.txt";
  private static final String LOCK = "build.lock";
  private static final long ROOM_FOR_COPIES = 64L << 20;

  private final Path folder;
  private final List<URL> packages;

  private UnpackedLibraries(Path folder, List<URL> packages) {
    this.folder = folder;
    this.packages = packages;
  }

  /**
   * The libraries of these packages in the jars that the URLs name, in a folder for jars with these
   * names and sizes.
   */
  public static UnpackedLibraries of(List<URL> packages) {
    CRC32 jars = new CRC32();
    try {
      for (URL place : packages) {
        try (JarFile jar = jar(place)) {
          Path file = Path.of(jar.getName());
          String nameAndSize = file.getFileName() + " " + Files.size(file) + "\n";
          jars.update(nameAndSize.getBytes(StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String key = Long.toHexString(jars.getValue());
    return new UnpackedLibraries(NativeFolder.of("libraries-" + key), packages);
  }

  /** The folder, which may not be filled yet. */
  public Path folder() {
    return folder;
  }

  /**
   * Loads the libraries from the folder, after filling it if it is incomplete.
   *
   * @param load loads them; files that it unpacks itself become part of the folder
   * @throws IOException if they cannot be unpacked; no files of them remain
   */
  public void load(Runnable load) throws IOException {
    if (!isComplete()) {
      try (FolderLock lock = FolderLock.take(folder, () -> {})) {
        if (!isComplete()) {
          fill(load);
          return;
        }
      }
    }
    load.run();
  }

  private void fill(Runnable load) throws IOException {
    boolean done = false;
    try {
      clear();
      unpack();
      load.run();
      force();
      AtomicFile.write(folder.resolve(LIST), sizesAndNames().getBytes(StandardCharsets.UTF_8));
      done = true;
    } finally {
      if (!done) {
        clear();
      }
    }
  }

  private void force() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) all.filter(UnpackedLibraries::isFile)::iterator) {
        try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
          written.force(true);
        }
      }
    }
  }

  private void unpack() throws IOException {
    long bytes = 0;
    for (URL place : packages) {
      bytes += eachLibrary(place, (jar, entry) -> {});
    }
    long free = Files.getFileStore(folder).getUsableSpace();
    if (!(free >= bytes + ROOM_FOR_COPIES)) {
      throw new IOException(
          "%d MiB are required in it, %d MiB are free"
              .formatted((bytes + ROOM_FOR_COPIES) >> 20, free >> 20));
    }
    for (URL place : packages) {
      eachLibrary(place, this::unpack);
    }
  }

  /**
   * The path to which JavaCPP would unpack the file, with the modification time by which JavaCPP
   * recognises it.
   */
  private void unpack(JarFile jar, JarEntry entry) throws IOException {
    Path file = folder.resolve(Path.of(jar.getName()).getFileName()).resolve(entry.getName());
    Files.createDirectories(file.getParent());
    try (InputStream in = jar.getInputStream(entry)) {
      Files.copy(in, file);
    }
    Files.setLastModifiedTime(file, FileTime.fromMillis(entry.getTime()));
  }

  private interface Visitor {
    void visit(JarFile jar, JarEntry library) throws IOException;
  }

  /** Visits the libraries of a package, and adds up their sizes. */
  private static long eachLibrary(URL place, Visitor visitor) throws IOException {
    long bytes = 0;
    String prefix = place.getPath().substring(place.getPath().indexOf("!/") + 2);
    try (JarFile jar = jar(place)) {
      for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
        JarEntry entry = entries.nextElement();
        String name = entry.getName();
        if (name.startsWith(prefix) && isLibrary(name.substring(prefix.length()))) {
          bytes += entry.getSize();
          visitor.visit(jar, entry);
        }
      }
    }
    return bytes;
  }

  private static boolean isLibrary(String name) {
    return name.matches("[^/]+\\.(so(\\.[0-9.]+)?|dylib|dll)");
  }

  private static JarFile jar(URL place) throws IOException {
    JarURLConnection connection = (JarURLConnection) place.openConnection();
    connection.setUseCaches(false);
    return connection.getJarFile();
  }

  /** Whether the list exists and names files with these sizes. */
  private boolean isComplete() throws IOException {
    Path list = folder.resolve(LIST);
    if (!Files.isRegularFile(list, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try {
      for (String line : Files.readAllLines(list)) {
        String[] sizeAndName = line.split(" ", 2);
        Path file = folder.resolve(sizeAndName[1]);
        if (Files.size(file) != Long.parseLong(sizeAndName[0])) {
          return false;
        }
      }
      return true;
    } catch (NoSuchFileException
        | CharacterCodingException
        | IllegalArgumentException
        | ArrayIndexOutOfBoundsException e) {
      return false;
    }
  }

  private String sizesAndNames() throws IOException {
    StringBuilder list = new StringBuilder();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) all.filter(UnpackedLibraries::isFile).sorted()::iterator) {
        list.append(Files.size(file)).append(' ').append(folder.relativize(file)).append('\n');
      }
    }
    return list.toString();
  }

  private static boolean isFile(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && !file.getFileName().toString().equals(LOCK)
        && !file.getFileName().toString().equals(".lock"); // JavaCPP's
  }

  /** Deletes everything except the lock of this process. Loaded libraries stay mapped. */
  private void clear() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> inner =
          all.filter(file -> !file.equals(folder) && !file.equals(folder.resolve(LOCK)))
              .sorted(Comparator.reverseOrder())
              .toList();
      for (Path file : inner) {
        Files.delete(file);
      }
    }
  }
}
