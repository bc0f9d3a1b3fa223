package org.ratescope.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.ratescope.dataset.catalogue.Catalogue;
import org.ratescope.dataset.format.ArrayReader;
import org.ratescope.dataset.format.BinaryMatrix;
import org.ratescope.dataset.format.Idx;
import org.ratescope.dataset.format.Npy;
import org.ratescope.dataset.format.Npz;
import org.ratescope.dataset.format.StoredArray;
import org.ratescope.dataset.hdf5.Hdf5;
import org.ratescope.dataset.picture.PictureFile;
import org.ratescope.model.Safetensors;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Detail;
import org.ratescope.study.StudyFile;
import org.ratescope.tensor.Device;
import org.ratescope.train.Checkpoint;
import org.ratescope.train.Cohort;

/**
 * What the coverage-guided fuzzer Jazzer calls: one file of one form is read to its end. A reader
 * may refuse a file with an {@link IOException}; anything else that it throws is a finding. The
 * system property {@code fuzz.form} names the form; without it, the first byte of an input chooses
 * the form, and the file is the rest.
 */
public final class FuzzTarget {
  /** The forms that are fuzzed. */
  public static final List<String> FORMS =
      List.of(
          "npy",
          "npz",
          "idx",
          "mat",
          "png",
          "jpg",
          "gif",
          "bmp",
          "tif",
          "h5",
          "safetensors",
          "checkpoint",
          "record",
          "details",
          "study",
          "catalogue");

  /** The run whose record, details and checkpoint are fuzzed. */
  static final RunSpec RUN =
      RunSpec.parse(
          "data=tetrominoes:preset=published,shape=J,resolution=4;split=cv:0.05"
              + ";architecture=mlp:1x8;latent=2;likelihood=bernoulli;betaMi=1.0;betaKl=1.0"
              + ";iterations=4;batch=16;learningRate=0.001;precision=float32;seed=0");

  private static final long MOST_BYTES = 1 << 22;
  private static final String FORM = System.getProperty("fuzz.form", "");
  private static final Path FOLDER = folder();

  private FuzzTarget() {}

  private static Path folder() {
    try {
      Path memory = Path.of("/dev/shm");
      return Files.isDirectory(memory)
          ? Files.createTempDirectory(memory, "ratescope-fuzz")
          : Files.createTempDirectory("ratescope-fuzz");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Called by Jazzer first: reads the seeds, so that no input waits for classes to be loaded. */
  public static void fuzzerInitialize() throws IOException {
    try (Stream<Path> seeds = Files.list(Path.of(System.getProperty("fuzz.seeds")))) {
      for (Path seed : seeds.toList()) {
        fuzzerTestOneInput(Files.readAllBytes(seed));
      }
    }
  }

  /** Called by Jazzer with a mutated file. */
  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    String form = FORM.isEmpty() ? FORMS.get((data[0] & 0xFF) % FORMS.size()) : FORM;
    byte[] content = FORM.isEmpty() ? Arrays.copyOfRange(data, 1, data.length) : data;
    try {
      Path file = file(FOLDER, form);
      Files.createDirectories(file.getParent());
      Files.write(file, content);
      read(FOLDER, form);
    } catch (IOException e) {
      // refused, as it may be
    }
  }

  /** Where the file of a form is expected below a folder. */
  static Path file(Path folder, String form) {
    RecordStore store = RecordStore.at(folder);
    return switch (form) {
      case "checkpoint" ->
          store.checkpoints().resolve(new Cohort(List.of(RUN)).id().hex() + ".safetensors");
      case "record" -> store.recordFile(RUN.id());
      case "details" -> store.detailFile(Detail.MEMORISATION, RUN.id());
      case "study", "catalogue" -> folder.resolve(form + ".yaml");
      default -> folder.resolve("file." + form);
    };
  }

  /** Reads that file. */
  static void read(Path folder, String form) throws IOException {
    Path file = file(folder, form);
    switch (form) {
      case "npy" -> all(Npy.open(file));
      case "npz" -> all(Npz.open(file, "images"));
      case "idx" -> all(Idx.open(file));
      case "mat" -> all(BinaryMatrix.open(file));
      case "h5" -> hdf5(file);
      case "png", "jpg", "gif", "bmp", "tif" -> PictureFile.decode(file);
      case "safetensors" -> tensors(file);
      case "checkpoint" -> checkpoint(folder);
      case "record" -> record(folder);
      case "details" -> RecordStore.at(folder).readExamples(RUN.id());
      case "study" -> StudyFile.read(file).runs();
      case "catalogue" -> Catalogue.builtIn().with(file).sets();
      default -> throw new IllegalArgumentException("fuzz.form must be one of " + FORMS);
    }
  }

  private static void hdf5(Path file) throws IOException {
    IOException refused = null;
    for (String array :
        List.of("plain", "pieces", "sums", "one", "big", "bool", "deep/er/images")) {
      try {
        all(Hdf5.open(file, array));
      } catch (IOException e) {
        refused = e;
      }
    }
    if (refused != null) {
      throw refused;
    }
  }

  private static void tensors(Path file) throws IOException {
    try (PointerScope scope = new PointerScope()) {
      Safetensors.read(file);
    }
  }

  private static void checkpoint(Path folder) throws IOException {
    Path checkpoints = RecordStore.at(folder).checkpoints();
    Checkpoint.cohorts(checkpoints);
    try (PointerScope scope = new PointerScope()) {
      Checkpoint.of(checkpoints, new Cohort(List.of(RUN)), Duration.ofMinutes(1)).read(Device.CPU);
    }
  }

  private static void record(Path folder) throws IOException {
    RecordStore store = RecordStore.at(folder);
    try {
      store.summary(RUN.id());
    } catch (IOException e) {
      // refused; read must refuse or accept too
    }
    store.read(RUN.id());
  }

  private static void all(StoredArray array) throws IOException {
    byte[] window = new byte[1 << 16];
    long left = Math.min(MOST_BYTES, array.count(0) * array.element().bytes());
    try (ArrayReader reader = array.open()) {
      for (; left > 0; left -= Math.min(left, window.length)) {
        reader.read(window, 0, (int) Math.min(left, window.length));
      }
    }
  }
}
