package org.ratescope.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Unpacked libraries are complete, no matter what happened before. The jar is a small stand-in. */
@Isolated("it sets a property of the process")
class UnpackedLibrariesTest {
  private static final String PACKAGE = "org/example/linux/";
  private static final List<String> NAMES = List.of("libone.so", "libtwo.so.2", "libthree.dylib");

  @TempDir Path folder;
  private String before;
  private Path jar;

  @BeforeEach
  void packJar() throws IOException {
    before = System.getProperty(NativeFolder.PROPERTY, "");
    System.setProperty(NativeFolder.PROPERTY, folder.resolve("native").toString());
    jar = folder.resolve("some libraries.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      zip.putNextEntry(new ZipEntry(PACKAGE));
      for (String name : NAMES) {
        zip.putNextEntry(new ZipEntry(PACKAGE + name));
        zip.write(new byte[100_000]);
      }
      zip.putNextEntry(new ZipEntry(PACKAGE + "header.h"));
      zip.putNextEntry(new ZipEntry(PACKAGE + "python/libother.so"));
    }
  }

  @AfterEach
  void restore() {
    System.setProperty(NativeFolder.PROPERTY, before);
  }

  private static UnpackedLibraries libraries(Path jar) {
    try {
      URL place = URI.create("jar:" + jar.toUri() + "!/" + PACKAGE).toURL();
      return UnpackedLibraries.of(List.of(place));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder where JavaCPP looks. */
  private static Path place(UnpackedLibraries libraries, String name) {
    return libraries.folder().resolve("some libraries.jar").resolve(PACKAGE).resolve(name);
  }

  private static void requireAll(UnpackedLibraries libraries) {
    for (String name : NAMES) {
      assertThat(place(libraries, name)).hasSize(100_000);
    }
  }

  private void load() throws IOException {
    UnpackedLibraries libraries = libraries(jar);
    AtomicInteger loaded = new AtomicInteger();
    libraries.load(
        () -> {
          requireAll(libraries);
          loaded.incrementAndGet();
        });
    assertThat(loaded).hasValue(1);
    try (Stream<Path> files = Files.walk(libraries.folder())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsAll(NAMES)
          .doesNotContain("header.h", "libother.so");
    }
  }

  @Test
  void theyAreUnpackedOnce() throws IOException {
    load();
    Path one = place(libraries(jar), NAMES.getFirst());
    Object inode = Files.getAttribute(one, "unix:ino");
    load();
    assertThat(Files.getAttribute(one, "unix:ino")).isEqualTo(inode);
  }

  @Test
  void aTruncatedFileIsUnpackedAgain() throws IOException {
    load();
    for (String name : NAMES) {
      for (int left : new int[] {0, 1, 99_999}) {
        Files.write(place(libraries(jar), name), new byte[left]);
        load();
      }
      Files.delete(place(libraries(jar), name));
      load();
    }
  }

  @Test
  void aDamagedListIsWrittenAgain() throws IOException {
    load();
    Path list = libraries(jar).folder().resolve("libraries.txt");
    for (String damage : List.of("x", "12", "12 ", " \n\n", "\0", "-1 ../../x\n", "1 a\u0000b")) {
      Files.writeString(list, damage);
      load();
    }
    Files.write(list, new byte[] {(byte) 0xff, 0});
    load();
  }

  @Test
  void filesCreatedDuringLoadingArePartOfTheFolder() throws IOException {
    UnpackedLibraries libraries = libraries(jar);
    Path copy = libraries.folder().resolve("copy.so");
    Runnable copying =
        () -> {
          try {
            Files.write(copy, new byte[10]);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    libraries.load(copying);
    Files.write(copy, new byte[9]);
    libraries(jar).load(() -> assertThat(copy).doesNotExist());
  }

  @Test
  void aFailedLoadLeavesNoFiles() throws IOException {
    UnpackedLibraries libraries = libraries(jar);
    assertThatThrownBy(
            () ->
                libraries.load(
                    () -> {
                      throw new UnsatisfiedLinkError("mounted noexec");
                    }))
        .isInstanceOf(UnsatisfiedLinkError.class);
    assertThat(place(libraries, NAMES.getFirst())).doesNotExist();
    load();
  }

  @Test
  void concurrentProcessesUnpackThemOnce() throws Exception {
    AtomicInteger inodes = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Object>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(
            threads.submit(
                () -> {
                  UnpackedLibraries libraries = libraries(jar);
                  libraries.load(() -> requireAll(libraries));
                  inodes.incrementAndGet();
                  return Files.getAttribute(place(libraries, NAMES.getFirst()), "unix:ino");
                }));
      }
      Object first = all.getFirst().get();
      for (Future<Object> each : all) {
        assertThat(each.get()).isEqualTo(first);
      }
    }
    assertThat(inodes).hasValue(4);
  }

  /**
   * A process is killed when one file exists and one is truncated; the next process finds no list.
   */
  @Test
  void theNextProcessUnpacksAgainAfterAKill() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-D" + NativeFolder.PROPERTY + "=" + folder.resolve("native"),
                "-cp",
                System.getProperty("java.class.path"),
                Killed.class.getName(),
                jar.toString())
            .redirectErrorStream(true)
            .start();
    try {
      assertThat((char) process.getInputStream().read()).isEqualTo('.');
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    UnpackedLibraries libraries = libraries(jar);
    assertThat(place(libraries, NAMES.getFirst())).as("cut").hasSize(10);
    load();
  }

  /** Waits to be killed while it loads. */
  static final class Killed {
    private Killed() {}

    public static void main(String[] arguments) throws IOException {
      UnpackedLibraries libraries = libraries(Path.of(arguments[0]));
      libraries.load(
          () -> {
            try {
              Files.write(place(libraries, NAMES.getFirst()), new byte[10]);
              System.out.print('.');
              System.out.flush();
              Thread.sleep(60_000);
            } catch (IOException | InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
    }
  }

  @Test
  void aFolderWithoutSpaceIsRefusedBeforeUnpacking() throws Exception {
    Path small = Files.createDirectory(folder.resolve("native"));
    Process mount =
        new ProcessBuilder(
                "mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", small.toString())
            .redirectErrorStream(true)
            .start();
    assumeThat(mount.waitFor()).as("this user may mount a file system").isZero();
    try {
      UnpackedLibraries libraries = libraries(jar);
      assertThatThrownBy(() -> libraries.load(() -> {}))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("64 MiB are required in it, ", " MiB are free");
      assertThat(place(libraries, NAMES.getFirst())).doesNotExist();
    } finally {
      assertThat(new ProcessBuilder("umount", small.toString()).start().waitFor()).isZero();
    }
  }
}
