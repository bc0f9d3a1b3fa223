package org.ratescope.dataset.source;

import java.nio.ByteBuffer;
import java.util.function.IntToDoubleFunction;
import org.ratescope.dataset.PixelType;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.spec.data.CustomImages.Fit;

/**
 * From a picture's samples to the planes of a data set: grey or colour, of the stated size, in 8
 * bits or float32. Grey is the luma of Rec. 601, (299 R + 587 G + 114 B) / 1000; grey pictures
 * become three equal planes. A value is rounded once, at the end, half up for 8 bits.
 *
 * @param channels planes of the result, 1 or 3
 * @param height rows of the result
 * @param width columns of the result
 * @param fit what is done with another shape
 * @param pixels type of the result
 */
record Conversion(int channels, int height, int width, Fit fit, PixelType pixels) {
  private static final double[] LUMA = {299, 587, 114}; // Rec. 601, in thousandths
  private static final int THOUSAND = 1000;
  private static final int WHITE = 255;

  /**
   * The shape of a picture's samples.
   *
   * @param channels 1 or 3
   * @param interleaved whether a pixel's channels follow each other, rather than planes
   */
  record Form(int channels, int height, int width, boolean interleaved) {
    int samples() {
      return channels * height * width;
    }
  }

  /**
   * Converts one picture. It needs no copy of the samples: pictures of cameras have millions.
   *
   * @param samples from 0 to {@code white}, by their position
   * @param white the value that becomes 255 or 1
   * @param into receives the planes, little-endian
   * @param where the picture, for messages
   */
  void convert(IntToDoubleFunction samples, Form form, double white, ByteBuffer into, String where)
      throws FormatException {
    AreaAverage.Region region = region(form, where);
    AreaAverage scaling = AreaAverage.of(region, height, width);
    boolean toGrey = channels == 1 && form.channels() == 3;
    double divisor = scaling.weight() * white * (toGrey ? THOUSAND : 1);
    for (int c = 0; c < channels; c++) {
      IntToDoubleFunction plane =
          toGrey ? luma(samples, form) : plane(samples, form, c % form.channels());
      put(scaling.sums(plane), divisor, into);
    }
  }

  /** Whether pictures of that form need no more than their channels apart. */
  boolean keeps(Form form) {
    return pixels == PixelType.UINT8
        && form.channels() == channels
        && form.height() == height
        && form.width() == width;
  }

  /** Puts one picture's bytes, which {@link #keeps} says are right, plane by plane. */
  void separate(byte[] samples, int first, Form form, ByteBuffer into) {
    int plane = height * width;
    for (int c = 0; c < channels; c++) {
      int from = first + (form.interleaved() ? c : c * plane);
      int step = form.interleaved() ? channels : 1;
      for (int i = 0; i < plane; i++) {
        into.put(samples[from + i * step]);
      }
    }
  }

  private void put(double[] sums, double divisor, ByteBuffer into) {
    for (double sum : sums) {
      switch (pixels) {
        case UINT8 -> into.put((byte) Math.floor((2 * WHITE * sum + divisor) / (2 * divisor)));
        case FLOAT32 -> into.putFloat((float) (sum / divisor));
      }
    }
  }

  /** Bytes of so many results. */
  byte[] room(int images) {
    return new byte[Math.multiplyExact(images, channels * height * width * pixels.bytes())];
  }

  private static IntToDoubleFunction plane(IntToDoubleFunction samples, Form form, int c) {
    int step = form.interleaved() ? form.channels() : 1;
    int first = form.interleaved() ? c : c * form.height() * form.width();
    return i -> samples.applyAsDouble(first + i * step);
  }

  private static IntToDoubleFunction luma(IntToDoubleFunction samples, Form form) {
    IntToDoubleFunction red = plane(samples, form, 0);
    IntToDoubleFunction green = plane(samples, form, 1);
    IntToDoubleFunction blue = plane(samples, form, 2);
    return i ->
        LUMA[0] * red.applyAsDouble(i)
            + LUMA[1] * green.applyAsDouble(i)
            + LUMA[2] * blue.applyAsDouble(i);
  }

  private AreaAverage.Region region(Form form, String where) throws FormatException {
    int rows = form.height();
    int columns = form.width();
    return switch (fit) {
      case STRETCH -> new AreaAverage.Region(columns, 0, 0, rows, columns);
      case SAME -> {
        FormatException.require(
            (long) rows * width == (long) columns * height,
            where,
            ("%d×%d pixels, which cannot become %d×%d without a change of shape; expected fit=crop"
                    + " or fit=stretch")
                .formatted(rows, columns, height, width));
        yield new AreaAverage.Region(columns, 0, 0, rows, columns);
      }
      case CROP -> {
        boolean tall = (long) rows * width > (long) columns * height;
        int keptRows = tall ? (int) Math.max(1, (long) columns * height / width) : rows;
        int keptColumns = tall ? columns : (int) Math.max(1, (long) rows * width / height);
        yield new AreaAverage.Region(
            columns, (rows - keptRows) / 2, (columns - keptColumns) / 2, keptRows, keptColumns);
      }
    };
  }
}
