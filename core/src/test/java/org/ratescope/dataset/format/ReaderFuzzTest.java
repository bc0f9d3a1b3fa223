package org.ratescope.dataset.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.hdf5.Hdf5;
import org.ratescope.dataset.hdf5.Hdf5Resources;
import org.ratescope.dataset.picture.PictureFile;
import org.ratescope.dataset.picture.PictureReferenceTest;

/**
 * Small files of every format with random damage: each is read or refused with a {@link
 * FormatException} that names it, within limits of time and memory. The seed is fixed.
 */
class ReaderFuzzTest {
  private static final int MUTATIONS = 120;

  /** The largest of these files has 96 kB. Over 44,000 mutations the maximum was 6.7 MB. */
  private static final long MOST_BYTES = 16L << 20;

  /** Processor time, so that other load does not count; the maximum was 0.3. */
  private static final double MOST_SECONDS = 2;

  private static final List<String> LAYOUTS =
      List.of("plain", "pieces", "sums", "one", "deep/er/images");

  /** The array that the test reads from an HDF5 file. */
  private static final Map<String, List<String>> ARRAYS =
      Map.of(
          "latest-more.h5",
          List.of("paged", "pagedzip", "implicit", "compact"),
          "cases.h5",
          List.of(
              ("half uint64 enum bool committed fill-none fill-alloc fill-float most most-gzip"
                      + " most-early text-fixed text-any text-any-gzip soft more/größe/soft-root"
                      + " out/to-file raw raw-parts")
                  .split(" ")),
          "cases-latest.h5",
          List.of(
              ("fills/fill-chunks fills/fill-nothing sizes/most sizes/most-gzip sizes/most-shrunk"
                      + " sizes/most-early texts/text-any soft to-file raw")
                  .split(" ")));

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  private interface Reading {
    void of(Path file) throws IOException;
  }

  private static void all(StoredArray array) throws IOException {
    byte[] window = new byte[1 << 16];
    long left = array.count(0) * array.width();
    try (ArrayReader reader = array.open()) {
      for (; left > 0; left -= Math.min(left, window.length)) {
        reader.read(window, 0, (int) Math.min(left, window.length));
      }
    }
  }

  private Map<String, byte[]> subjects() throws IOException {
    Hdf5Resources.file("target.h5", folder); // two HDF5 files refer to these
    Hdf5Resources.file("raw.bin", folder);
    byte[] pixels = new byte[7 * 28 * 28];
    new SplittableRandom(1).nextBytes(pixels);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("a.idx", WrittenFiles.idx(pixels, 7, 28, 28));
    files.put("a.idx.gz", WrittenFiles.gzip(WrittenFiles.idx(pixels, 7, 28, 28)));
    files.put("a.mat", WrittenFiles.matrix(0x1E3D4C55, new int[] {7, 28, 28}, pixels));
    files.put("part.hex", Files.readAllBytes(WrittenFiles.resource("unifont-part.hex", folder)));
    files.put("a.npy", WrittenFiles.npy("|u1", pixels, 7, 28, 28));
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("imgs.npy", WrittenFiles.npy("|u1", pixels, 7, 28, 28));
    entries.put("labels.npy", WrittenFiles.npy("<i8", new byte[56], 7));
    files.put("a.npz", WrittenFiles.zip(entries));
    files.put("stored.npz", ZipWritten.of(entries, false).bytes());
    files.put("large.npz", ZipWritten.of(entries, true).bytes());
    files.put("texts.npy", WrittenFiles.npy("<U3", WrittenFiles.utf32(3, "cat", "a", "", "ß"), 4));
    files.put(
        "more.npy",
        WrittenFiles.npy(
            2, "{'descr': '>i8', 'fortran_order': False, 'shape': (7,)}", new byte[56]));
    for (String form : new String[] {"png", "jpg", "gif", "bmp", "tif"}) {
      Path picture =
          WrittenFiles.picture(folder.resolve("p"), WrittenFiles.colourful(3, 40, 50), form);
      files.put("a." + form, Files.readAllBytes(picture));
    }
    files.put("lossless.webp", PictureReferenceTest.entry("rgba.webp"));
    files.put("lossy.webp", PictureReferenceTest.entry("other/q.webp"));
    for (String name :
        new String[] {
          "earliest.h5", "v18.h5", "latest.h5", "latest-more.h5", "cases.h5", "cases-latest.h5"
        }) {
      files.put(name, Files.readAllBytes(Hdf5Resources.file(name, folder)));
    }
    return files;
  }

  private static Reading reading(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "idx", "gz" -> file -> all(Idx.open(file));
      case "hex" -> file -> all(Unifont.open(file, "AC00..AC37"));
      case "mat" -> file -> all(BinaryMatrix.open(file));
      case "npy" ->
          file -> {
            all(Npy.open(file));
            Npy.open(file).texts();
          };
      case "npz" ->
          file -> {
            all(Npz.open(file, "imgs"));
            all(Npz.open(file, "labels"));
          };
      case "png", "jpg", "gif", "bmp", "tif", "webp" -> file -> PictureFile.decode(file);
      default -> file -> hdf5(file, name);
    };
  }

  private static void hdf5(Path file, String name) throws IOException {
    FormatException refused = null;
    for (String array : ARRAYS.getOrDefault(name, LAYOUTS)) {
      try {
        StoredArray stored = Hdf5.open(file, array);
        all(stored);
        if (stored.element().isText()) {
          stored.texts();
        }
      } catch (FormatException e) {
        refused = e;
      }
    }
    if (refused != null) {
      throw refused;
    }
  }

  private static byte[] mutated(byte[] good, SplittableRandom random) {
    byte[] bad = good.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int early = Math.min(bad.length, 2048); // damage in headers is the most dangerous
      int at = random.nextInt(random.nextInt(3) == 0 ? bad.length : early);
      int run = random.nextInt(4) == 0 ? 8 : 1;
      byte value = random.nextInt(3) == 0 ? (byte) -1 : (byte) random.nextInt(256);
      for (int j = at; j < Math.min(at + run, bad.length); j++) {
        bad[j] = value;
      }
    }
    return random.nextInt(10) == 0 ? Arrays.copyOf(bad, random.nextInt(bad.length)) : bad;
  }

  @Test
  @Timeout(1200) // an endless loop
  void everyDamagedFileIsReadOrRefused() throws IOException {
    long[] worst = new long[2];
    for (Map.Entry<String, byte[]> subject : subjects().entrySet()) {
      SplittableRandom random = new SplittableRandom(subject.getKey().hashCode());
      Path file = folder.resolve("bad-" + subject.getKey());
      Reading reading = reading(subject.getKey());
      Files.write(file, subject.getValue());
      reading.of(file); // undamaged, it can be read
      int refused = 0;
      for (int i = 0; i < MUTATIONS; i++) {
        Files.write(file, mutated(subject.getValue(), random));
        refused += tried(reading, file, "%s, mutation %d".formatted(subject.getKey(), i), worst);
      }
      assertThat(refused).as(subject.getKey()).isBetween(MUTATIONS / 20, MUTATIONS);
    }
    assertThat(worst[0]).as("most bytes").isLessThan(MOST_BYTES);
    assertThat(worst[1] / 1e9).as("most seconds").isLessThan(MOST_SECONDS);
  }

  private static int tried(Reading reading, Path file, String what, long[] worst) {
    long thread = Thread.currentThread().threadId();
    long bytes = THREADS.getThreadAllocatedBytes(thread);
    long start = THREADS.getThreadCpuTime(thread);
    int refused = 0;
    try {
      reading.of(file);
    } catch (FormatException e) {
      refused = 1;
      assertThat(e).as(what).hasMessageStartingWith(file.toString());
      assertThat(e.getMessage()).as(what).doesNotContain("\n");
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      throw new AssertionError(what, e);
    }
    worst[0] = Math.max(worst[0], THREADS.getThreadAllocatedBytes(thread) - bytes);
    worst[1] = Math.max(worst[1], THREADS.getThreadCpuTime(thread) - start);
    return refused;
  }
}
