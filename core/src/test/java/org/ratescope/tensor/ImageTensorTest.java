package org.ratescope.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.format.WrittenFiles;

/** 8-bit images equal a float copy of them, to the last bit. */
class ImageTensorTest {
  private static final int N = 40;
  private static final int D = 256;

  @BeforeAll
  static void oneThread() {
    Libtorch.useOneThread();
  }

  /** Row n has all 256 values, rotated by n. */
  private static byte[] bytes() {
    byte[] bytes = new byte[N * D];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i / D + i % D);
    }
    return bytes;
  }

  private static ImageTensor pool(Path folder) throws IOException {
    return ImageTensor.mapped(Files.write(folder.resolve("images.u8"), bytes()), Byte.BYTES, N, D);
  }

  @Test
  void everyByteIsDividedBy255InTheRequestedPrecision(@TempDir Path folder) throws IOException {
    try (PointerScope scope = new PointerScope()) {
      ImageTensor pool = pool(folder);
      assertThat(new int[] {pool.rows(), pool.dimensions()}).containsExactly(N, D);
      long[] wanted = {7, 0, 39, 7};
      Tensor single = Tensors.empty(ScalarType.Float, wanted.length, D);
      Tensor twice = Tensors.empty(ScalarType.Double, wanted.length, D);
      pool.gather(Tensors.indices(wanted), single);
      pool.gather(Tensors.indices(wanted), twice);
      float[] singles = Tensors.floats(single);
      double[] doubles = Tensors.doubles(twice);
      for (int i = 0; i < singles.length; i++) {
        int value = (int) (wanted[i / D] + i % D) % 256;
        assertThat(singles[i]).isEqualTo(value / 255f);
        assertThat(doubles[i]).isEqualTo(value / 255.0);
      }
      assertThat(Tensors.floats(pool.select(wanted))).containsExactly(singles);
      assertThat(pool.image(39)).containsExactly(Arrays.copyOfRange(singles, 2 * D, 3 * D));
    }
  }

  @Test
  void floatsAreUnchanged(@TempDir Path folder) throws IOException {
    float[] values = {0, 0.1f, 1 / 3f, 1, Float.MIN_VALUE, 0.7f};
    Path file = Files.write(folder.resolve("images.f32"), WrittenFiles.floats(values));
    try (PointerScope scope = new PointerScope()) {
      ImageTensor pool = ImageTensor.mapped(file, Float.BYTES, 3, 2);
      assertThat(pool.image(2)).containsExactly(Float.MIN_VALUE, 0.7f);
      Tensor into = Tensors.empty(ScalarType.Double, 2, 2);
      pool.gather(Tensors.indices(new long[] {1, 0}), into);
      assertThat(Tensors.doubles(into)).containsExactly(1 / 3f, 1, 0, 0.1f);
      assertThat(Tensors.floats(pool.select(new long[] {0}))).containsExactly(0, 0.1f);
    }
  }

  @Test
  void otherWidthsAndRowsAreRefused(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("x"), new byte[16]);
    assertThatThrownBy(() -> ImageTensor.mapped(file, 2, 2, 4))
        .hasMessage("a value must have 1 or 4 bytes; got 2");
    try (PointerScope scope = new PointerScope()) {
      ImageTensor pool = ImageTensor.mapped(file, 1, 4, 4);
      assertThatThrownBy(() -> pool.image(4)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}
