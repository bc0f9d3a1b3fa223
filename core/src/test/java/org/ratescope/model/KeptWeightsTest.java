package org.ratescope.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.model.safetensors.SafetensorsText;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/** The weights of a run are read only where they are whole and its own. */
class KeptWeightsTest {
  private static final RunSpec RUN = run(0.01);

  @TempDir Path folder;

  private Path file = Path.of("");
  private byte[] bytes = new byte[0];

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("w.safetensors");
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = Parameters.zeros(ParameterLayout.of(RUN), ScalarType.Float, 1);
      parameters.initialize(0, 3);
      WeightsFile.write(file, RUN, parameters, 0);
    }
    bytes = Files.readAllBytes(file);
  }

  private static RunSpec run(double beta) {
    return new RunSpec(
        new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, 4),
        new Split.ConstantVolume(0.5),
        Architecture.parse("mlp:1x1"),
        1,
        Likelihood.parse("bernoulli"),
        Objective.beta(beta),
        new Training(20, 4, 0.001, Precision.FLOAT32),
        0);
  }

  private boolean isRead(byte[] changed) throws IOException {
    Files.write(file, changed);
    return isRead();
  }

  private boolean isRead() throws IOException {
    try {
      WeightsFile.check(file, RUN);
      return true;
    } catch (FormatException e) {
      assertThat(e).hasMessageStartingWith(file + ": ");
      return false;
    }
  }

  @Test
  void weightsAreReadAsTheyWereWritten() throws IOException {
    try (PointerScope scope = new PointerScope()) {
      Parameters read = Parameters.zeros(ParameterLayout.of(RUN), ScalarType.Float, 2);
      WeightsFile.read(file, RUN, read, 1);
      Parameters expected = Parameters.zeros(ParameterLayout.of(RUN), ScalarType.Float, 1);
      expected.initialize(0, 3);
      assertThat(Tensors.floats(read.row(1))).containsExactly(Tensors.floats(expected.row(0)));
    }
  }

  /** Header, values and the length before them. */
  @Test
  void noFlippedBitIsRead() throws IOException {
    assertThat(isRead(bytes)).isTrue();
    requireEachFlipIsRefused(bytes, 1);
  }

  private void requireEachFlipIsRefused(byte[] whole, int step) throws IOException {
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int bit = 0; bit < 8 * whole.length; bit += step) {
        int at = bit / 8;
        byte flipped = (byte) (whole[at] ^ 1 << bit % 8);
        out.write(ByteBuffer.wrap(new byte[] {flipped}), at);
        if (isRead()) {
          throw new AssertionError(
              "bit %d of %d bytes is flipped and read".formatted(bit, whole.length));
        }
        out.write(ByteBuffer.wrap(whole, at, 1), at);
      }
    }
    assertThat(isRead()).isTrue();
  }

  @Test
  void noCutOrLengthenedFileIsRead() throws IOException {
    for (int length = 0; length < bytes.length; length++) {
      assertThat(isRead(Arrays.copyOf(bytes, length))).as("%d bytes", length).isFalse();
    }
    assertThat(isRead(Arrays.copyOf(bytes, bytes.length + 1))).isFalse();
  }

  /** Computed as docs/record-format.md says, by other code. */
  @Test
  void theChecksumIsThatOfTheWholeFile() {
    String header = SafetensorsText.header(bytes);
    String zeroed = header.replaceFirst("crc32:[0-9a-f]{8}", "crc32:00000000");
    assertThat(SafetensorsText.withChecksum(zeroed, SafetensorsText.values(bytes)))
        .containsExactly(bytes);
  }

  @Test
  void weightsOfAnotherRunAreRefusedWhateverTheFileIsCalled() {
    RunSpec other = run(1);
    assertThatThrownBy(() -> WeightsFile.check(file, other))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            "%s: holds weights of run %s; expected run %s".formatted(file, RUN.id(), other.id()));
    try (PointerScope scope = new PointerScope()) {
      Parameters into = Parameters.zeros(ParameterLayout.of(RUN), ScalarType.Float, 1);
      assertThatThrownBy(() -> WeightsFile.read(file, other, into, 0))
          .isInstanceOf(FormatException.class);
      assertThat(Tensors.floats(into.row(0))).as("unchanged").containsOnly(0);
    }
  }

  @Test
  void weightsThatDoNotSayWhoseTheyAreAreRefused() throws IOException {
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = Parameters.zeros(ParameterLayout.of(RUN), ScalarType.Float, 1);
      WeightsFile.write(file, parameters, 0, java.util.Map.of());
    }
    assertThatThrownBy(() -> WeightsFile.check(file, RUN))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("holds weights of no run; expected run " + RUN.id());
  }

  /** Names and shapes are compared with the architecture, also where a checksum agrees. */
  @Test
  void otherNamesAndShapesAreRefused() throws IOException {
    String header =
        SafetensorsText.header(bytes).replaceFirst("crc32:[0-9a-f]{8}", "crc32:00000000");
    byte[] values = SafetensorsText.values(bytes);
    for (String[] change :
        new String[][] {
          {"\"mean.bias\"", "\"mean.b1as\"", "surplus tensor mean.b1as"},
          {"[1,48]", "[48,1]", "tensor encoder.0.weight has shape [48, 1]; expected [1, 48]"},
          {"[48,1]", "[48]", "tensor decoder.1.weight has shape [48]; expected [48, 1]"}
        }) {
      assertThat(header).contains(change[0]);
      Files.write(file, SafetensorsText.withChecksum(header.replace(change[0], change[1]), values));
      assertThatThrownBy(() -> WeightsFile.check(file, RUN))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining(change[2]);
    }
  }

  /** Earlier versions wrote a checksum of the values, or none. */
  @Test
  void weightsOfEarlierVersionsAreRead() throws IOException {
    assertThat(isRead(earlier(true))).isTrue();
    assertThat(isRead(earlier(false))).isTrue();
  }

  @Test
  void noFlippedBitOfAnEarlierVersionIsRead() throws IOException {
    byte[] old = earlier(true);
    assertThat(isRead(old)).isTrue();
    requireEachFlipIsRefused(old, 3);
  }

  private byte[] earlier(boolean checksum) {
    byte[] values = SafetensorsText.values(bytes);
    CRC32 crc = new CRC32();
    crc.update(values);
    String key = checksum ? ",\"ratescope.crc32\":\"%08x\"".formatted(crc.getValue()) : "";
    return SafetensorsText.file(
        SafetensorsText.header(bytes)
            .replaceFirst(",\"ratescope.checksum\":\"crc32:[0-9a-f]{8}\"", key)
            .replaceFirst("\"ratescope.checksum\":\"crc32:[0-9a-f]{8}\",", ""),
        values);
  }

  @Test
  void aMissingFileIsNoDamage() throws IOException {
    Files.delete(file);
    assertThatCode(() -> WeightsFile.check(file, RUN))
        .isInstanceOf(java.nio.file.NoSuchFileException.class);
  }
}
