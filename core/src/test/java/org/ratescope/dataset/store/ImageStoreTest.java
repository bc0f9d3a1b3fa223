package org.ratescope.dataset.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.Ramps;
import org.ratescope.dataset.RenderedSource;
import org.ratescope.dataset.tetromino.Tetrominoes;
import org.ratescope.spec.data.DataSpec;

class ImageStoreTest {
  private static final RenderedSource SPEC = source("tetrominoes:resolution=4");
  private static final Ramps RAMPS = new Ramps(0, -1);
  private static final long BYTES = Ramps.SIZE * 48L * 4;

  @TempDir private Path root;
  private ImageStore store;
  private final List<String> told = new ArrayList<>();

  private static RenderedSource source(String text) {
    return Tetrominoes.of((DataSpec.Tetrominoes) DataSpec.parse(text));
  }

  @BeforeEach
  void emptyStore() {
    store = ImageStore.at(root.resolve("cache"));
  }

  private ImageSet open() throws IOException {
    return store.open(RAMPS, (what, done, total) -> told.add(what));
  }

  private Path file(String name) {
    return store.folder(RAMPS).resolve(name);
  }

  @Test
  void storesTheImagesOfTheSource() throws IOException {
    ImageSet images = open();
    assertThat(images.size()).isEqualTo(20_000);
    assertThat(images.file()).hasSize(BYTES).isEqualTo(file("images.f32"));
    float[] made = new float[48];
    ByteBuffer raw =
        ByteBuffer.wrap(Files.readAllBytes(images.file())).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < images.size(); row += 97) {
      RAMPS.render(row, made);
      assertThat(images.image(row)).isEqualTo(made);
      assertThat(raw.getFloat((row * 48 + 20) * 4)).isEqualTo(made[20]);
    }
    assertThat(images.image(19_999)).isNotEqualTo(images.image(19_998));
    int[] all = IntStream.range(0, images.size()).toArray();
    assertThat(images.sha256(all)).isEqualTo(images.sha256());
  }

  @Test
  void buildsOnceAndReportsProgress() throws IOException {
    List<Long> done = new ArrayList<>();
    ImageSet built =
        store.open(
            RAMPS,
            (what, d, total) -> {
              assertThat(what)
                  .isEqualTo("images of tetrominoes:preset=published,shape=J,resolution=4");
              assertThat(total).isEqualTo(20_000);
              done.add(d);
            });
    assertThat(done).startsWith(0L).endsWith(20_000L).isSorted().hasSize(1 + 4);
    assertThat(open().sha256()).isEqualTo(built.sha256());
    assertThat(told).isEmpty();
  }

  @Test
  void writesNoOtherFiles() throws IOException {
    open();
    try (Stream<Path> files = Files.list(store.folder(RAMPS))) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("images.f32", "meta.json", "build.lock");
    }
  }

  @Test
  void foldersDifferWithTheSpec() {
    assertThat(store.folder(SPEC))
        .isNotEqualTo(store.folder(source("tetrominoes:resolution=8")))
        .isEqualTo(store.folder(source("tetrominoes:shape=J,resolution=4")));
  }

  @Test
  void rebuildsATruncatedFile() throws IOException {
    String sha256 = open().sha256();
    try (FileChannel channel = FileChannel.open(file("images.f32"), StandardOpenOption.WRITE)) {
      channel.truncate(BYTES - 4);
    }
    assertRebuilt(sha256, "images.f32 has 3839996 bytes; expected 3840000");
  }

  @Test
  void rebuildsAfterOneFlippedBit() throws IOException {
    String sha256 = open().sha256();
    long position = BYTES * 2 / 3;
    try (FileChannel channel =
        FileChannel.open(file("images.f32"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      assertThat(channel.read(one, position)).isOne();
      one.put(0, (byte) (one.get(0) ^ 4));
      assertThat(channel.write(one.rewind(), position)).isOne();
    }
    assertRebuilt(sha256, "chunk 2 of images.f32 does not match its checksum");
  }

  @Test
  void rebuildsWithoutMeta() throws IOException {
    String sha256 = open().sha256();
    Files.delete(file("meta.json"));
    assertRebuilt(sha256, "cannot read " + file("meta.json"));
  }

  @Test
  void rebuildsWithoutImages() throws IOException {
    String sha256 = open().sha256();
    Files.delete(file("images.f32"));
    assertRebuilt(sha256, "cannot read " + file("images.f32"));
  }

  @Test
  void rebuildsAfterMetaWasChanged() throws IOException {
    String sha256 = open().sha256();
    String meta = Files.readString(file("meta.json"));
    String other = sha256.replace(sha256.charAt(0), sha256.charAt(0) == '0' ? '1' : '0');
    Files.writeString(file("meta.json"), meta.replace(sha256, other));
    assertRebuilt(sha256, "meta.json does not match its own checksum");
  }

  @Test
  void rebuildsAfterMetaWasDamaged() throws IOException {
    String sha256 = open().sha256();
    Files.write(file("meta.json"), new byte[] {(byte) 0xff, '{', 0, '"'});
    assertRebuilt(sha256, "meta.json cannot be read as JSON");
  }

  @Test
  void rebuildsFromAnotherDataSetsFiles() throws IOException {
    String sha256 = open().sha256();
    ImageSource other = new Ramps(1, -1);
    ImageSet foreign = store.open(other, BuildListener.SILENT);
    assertThat(foreign.sha256()).isNotEqualTo(sha256);
    for (String name : List.of("images.f32", "meta.json")) {
      Files.delete(file(name));
      Files.copy(foreign.file().resolveSibling(name), file(name));
    }
    assertRebuilt(sha256, "meta.json describes other images");
  }

  private void assertRebuilt(String sha256, String reason) throws IOException {
    told.clear();
    assertThat(open().sha256()).isEqualTo(sha256);
    assertThat(told)
        .isNotEmpty()
        .allMatch(what -> what.startsWith("images of tetrominoes:"))
        .allMatch(what -> what.endsWith(", again: " + reason));
    told.clear();
    assertThat(open().sha256()).isEqualTo(sha256);
    assertThat(told).isEmpty();
  }

  @Test
  void anInterruptionIsNotDamage() throws IOException {
    open();
    told.clear();
    Thread.currentThread().interrupt();
    assertThatThrownBy(this::open).isInstanceOf(IOException.class);
    assertThat(Thread.interrupted()).isTrue();
    open();
    assertThat(told).isEmpty();
  }

  @Test
  void deletesFilesOfAKilledBuilder() throws IOException {
    Files.createDirectories(store.folder(RAMPS));
    Path left = Files.writeString(file("images.f32123.part"), "half");
    open();
    assertThat(left).doesNotExist();
  }

  @Test
  void concurrentThreadsShareOneBuild() throws Exception {
    List<Callable<String>> openers = new ArrayList<>();
    List<Long> starts = Collections.synchronizedList(new ArrayList<>());
    BuildListener listener =
        (what, done, total) -> {
          if (done == 0) {
            starts.add(done);
          }
        };
    for (int i = 0; i < 4; i++) {
      openers.add(() -> ImageStore.at(root.resolve("cache")).open(RAMPS, listener).sha256());
    }
    List<String> results = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      for (Future<String> result : pool.invokeAll(openers)) {
        results.add(result.get());
      }
    }
    assertThat(results).hasSize(4).containsOnly(open().sha256());
    assertThat(starts).hasSize(1);
  }

  @Test
  void concurrentProcessesAgree() throws Exception {
    List<Process> processes = List.of(opener(), opener());
    List<String> results = new ArrayList<>();
    for (Process process : processes) {
      byte[] output = process.getInputStream().readAllBytes();
      assertThat(process.waitFor()).isZero();
      results.add(new String(output, StandardCharsets.UTF_8).strip());
    }
    ImageSet kept = store.open(SPEC, (what, done, total) -> told.add(what));
    assertThat(results).hasSize(2).containsOnly(kept.sha256());
    assertThat(told).isEmpty();
    float[] made = new float[48];
    SPEC.render(150_000, made);
    assertThat(kept.image(150_000)).isEqualTo(made);
  }

  private Process opener() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Opener.class.getName(),
            root.resolve("cache").toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Opens the images in a separate process and prints their hash. */
  static final class Opener {
    private Opener() {}

    public static void main(String[] arguments) throws IOException {
      ImageStore store = ImageStore.at(Path.of(arguments[0]));
      System.out.println(store.open(SPEC, BuildListener.SILENT).sha256());
    }
  }

  @Test
  void deletesFilesAfterAFailedBuild() throws IOException {
    ImageSource broken = new Ramps(0, 12_345);
    assertThatThrownBy(() -> store.open(broken, BuildListener.SILENT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("row 12345");
    try (Stream<Path> files = Files.list(store.folder(RAMPS))) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactly("build.lock");
    }
  }

  @Test
  void refusesAFileInPlaceOfTheFolder() throws IOException {
    Files.createDirectories(root);
    Files.writeString(root.resolve("cache"), "a file");
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(root.resolve("cache").toString());
  }

  @Test
  void reportsTheRequiredSpaceAndFolder() {
    assertThatThrownBy(
            () -> ImageStore.requireSpace(Path.of("there/images.f32"), 30 << 20, 5 << 20))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "not enough disk space for images.f32: needed 30 MiB (31457280 bytes) in there, free 5"
                + " MiB (5242880 bytes)");
  }

  @Test
  void readRefusesAWrongSizeOrRow() throws IOException {
    ImageSet images = open();
    assertThatThrownBy(() -> images.read(0, new float[47]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("image must hold 48 values; got 47");
    assertThatThrownBy(() -> images.image(20_000)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
