package org.ratescope.benchmark;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.tensor.Tensors;

/**
 * A convolution of K runs by im2col and batched products, the way that was not taken (see
 * docs/decisions.md): kernel 4, stride 2, channels last. It goes through the batch in pieces whose
 * columns stay in the cache, and forms the columns again for the gradient of the weights. All
 * buffers and views are made once.
 */
final class Unfolded implements Runnable {
  /** Bytes of a piece's columns: about a core's second-level cache. */
  private static final long COLUMN_BYTES = 2 << 20;

  private final int pieces;
  private final boolean first;
  private final Tensor columns; // [K, b * h * h, 16 * in]
  private final Tensor columnWindows; // a view of it [K, b, h, h, 4, 4 * in]
  private final Tensor[] windows; // of the padded input, a view for each piece, likewise
  private final Tensor[] outputs; // [K, b * h * h, out]
  private final Tensor[] gradients; // d loss / d output, likewise
  private final Tensor[] squares; // of d loss / d input: four views for each piece
  private final Tensor[] columnSquares = new Tensor[4]; // what is added to them
  private final Tensor weight; // [K, 16 * in, out]
  private final Tensor bias; // [K, 1, out]
  private final Tensor weightGradient; // [K, out, 16 * in]
  private final Tensor inputGradient; // [K, B, 2h + 2, 2h + 2, in]
  private final Tensor allGradients; // [K, B * h * h, out]
  private final Tensor biasGradient; // [K, 1, out]
  private final Scalar one = new Scalar(1.0);
  private final Scalar zero = new Scalar(0.0);

  Unfolded(int k, int batch, int in, int out, int half, boolean first) {
    this.first = first;
    long places = (long) half * half;
    long images = batch;
    while (images > 1 && k * images * places * 16 * in * Float.BYTES > COLUMN_BYTES) {
      images /= 2;
    }
    pieces = Math.toIntExact(batch / images);
    long side = 2L * half + 2;
    columns = ConvolutionBench.random(k, images * places, 16L * in);
    columnWindows = columns.view(k, images, half, half, 4, 4L * in);
    Tensor bySquare = columns.view(k, images, half, half, 2, 2, 2, 2L * in);
    Tensor input = ConvolutionBench.random(k, batch, side, side, in);
    inputGradient = Tensors.zeros(ScalarType.Float, k, batch, side, side, in);
    weight = ConvolutionBench.random(k, 16L * in, out);
    bias = ConvolutionBench.random(k, 1, out);
    weightGradient = ConvolutionBench.random(k, out, 16L * in);
    biasGradient = ConvolutionBench.random(k, 1, out);
    allGradients = ConvolutionBench.random(k, batch * places, out);
    Tensor output = ConvolutionBench.random(k, batch * places, out);
    windows = new Tensor[pieces];
    outputs = new Tensor[pieces];
    gradients = new Tensor[pieces];
    squares = new Tensor[4 * pieces];
    Tensor allWindows =
        input.as_strided(
            new long[] {k, batch, half, half, 4, 4L * in},
            new long[] {
              batch * side * side * in, side * side * in, 2 * side * in, 2L * in, side * in, 1
            });
    Tensor cells = inputGradient.view(k, batch, half + 1, 2, half + 1, 2L * in);
    for (int a = 0; a < 2; a++) {
      for (int b = 0; b < 2; b++) {
        int square = 2 * a + b;
        columnSquares[square] =
            bySquare.select(4, a).select(5, b).permute(0, 1, 2, 4, 3, 5); // [K, b, h, 2, h, 2 * in]
        for (int piece = 0; piece < pieces; piece++) {
          squares[4 * piece + square] =
              cells.narrow(1, piece * images, images).narrow(2, a, half).narrow(4, b, half);
        }
      }
    }
    for (int piece = 0; piece < pieces; piece++) {
      windows[piece] = allWindows.narrow(1, piece * images, images);
      outputs[piece] = output.narrow(1, piece * images * places, images * places);
      gradients[piece] = allGradients.narrow(1, piece * images * places, images * places);
    }
  }

  @Override
  public void run() {
    for (int piece = 0; piece < pieces; piece++) {
      columnWindows.copy_(windows[piece]);
      torch.baddbmm_out(outputs[piece], bias, columns, weight);
    }
    inputGradient.zero_();
    for (int piece = 0; piece < pieces; piece++) {
      columnWindows.copy_(windows[piece]);
      torch.baddbmm_out(
          weightGradient,
          weightGradient,
          gradients[piece].transpose(1, 2),
          columns,
          piece == 0 ? zero : one,
          one);
      if (!first) {
        torch.bmm_out(columns, gradients[piece], weight.transpose(1, 2));
        for (int square = 0; square < 4; square++) {
          squares[4 * piece + square].add_(columnSquares[square]);
        }
      }
    }
    torch.sum_out(
        biasGradient,
        allGradients,
        new long[] {1},
        true,
        new org.bytedeco.pytorch.ScalarTypeOptional());
  }
}
