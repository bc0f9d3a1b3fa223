package org.ratescope.dataset.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import org.ratescope.dataset.ImageStream;
import org.ratescope.dataset.format.ArrayReader;
import org.ratescope.dataset.format.DType;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.dataset.format.StoredArray;
import org.ratescope.dataset.source.Conversion.Form;

/** A pass over the images in arrays that follow each other. */
final class ArrayStream implements ImageStream {
  private static final int WINDOW = 1 << 22;
  private static final int WHITE = 255;

  private final Pictures pictures;
  private final Queue<StoredArray> waiting;
  private ArrayReader reader;
  private StoredArray current;
  private long left; // pictures of the current array, used or not
  private int row; // the next row of the data set
  private boolean seenGrey; // a value above 1 in the current array

  /**
   * What the arrays hold.
   *
   * @param arrays the arrays, whose images follow each other
   * @param form shape of an image's samples
   * @param every only each image with this distance is used; 1 for all
   * @param first the first that is used
   * @param white the value of white in arrays of whole numbers
   * @param conversion what is done with an image
   */
  record Pictures(
      List<StoredArray> arrays, Form form, int every, int first, int white, Conversion conversion) {
    public Pictures {
      arrays = List.copyOf(arrays);
    }

    ImageStream open() throws IOException {
      return new ArrayStream(this);
    }
  }

  private ArrayStream(Pictures pictures) throws IOException {
    this.pictures = pictures;
    this.waiting = new ArrayDeque<>(pictures.arrays());
    this.current = waiting.remove();
    this.reader = current.open();
    this.left = inArray();
  }

  private long inArray() {
    return current.count(0) / pictures.form().samples();
  }

  @Override
  public int rowsAtOnce() {
    long raw = (long) pictures.form().samples() * current.element().bytes() * pictures.every();
    return (int) Math.max(1, WINDOW / Math.max(raw, kept()));
  }

  private int kept() {
    Conversion c = pictures.conversion();
    return c.channels() * c.height() * c.width() * c.pixels().bytes();
  }

  @Override
  public Callable<byte[]> next(int rows) throws IOException {
    int bytes = pictures.form().samples() * current.element().bytes();
    byte[] raw = new byte[Math.multiplyExact(rows, bytes)];
    StoredArray[] from = new StoredArray[rows];
    for (int i = 0; i < rows; i++) {
      for (int picture = 0; picture < pictures.every(); picture++) {
        nextPicture(raw, i * bytes, bytes, picture == pictures.first());
      }
      from[i] = current;
    }
    int first = row;
    row += rows;
    return () -> converted(raw, first, from);
  }

  private void nextPicture(byte[] raw, int at, int bytes, boolean used) throws IOException {
    if (left == 0) {
      reader.close();
      current = waiting.remove();
      reader = current.open();
      left = inArray();
      seenGrey = false;
    }
    byte[] into = used ? raw : new byte[bytes];
    int start = used ? at : 0;
    reader.read(into, start, bytes);
    left--;
    look(into, start, bytes);
  }

  /** Images of 0 and 1 are nearly black if 255 is white: a mistake that nobody would see. */
  private void look(byte[] raw, int first, int bytes) throws FormatException {
    if (current.element() != DType.UINT8 || pictures.white() == 1) {
      return;
    }
    for (int i = first; i < first + bytes && !seenGrey; i++) {
      seenGrey = Byte.toUnsignedInt(raw[i]) > 1;
    }
    FormatException.require(
        seenGrey || left > 0,
        current.where(),
        "no value is above 1 of %d; expected white=1 where 1 is white".formatted(pictures.white()));
  }

  /**
   * The images of some rows.
   *
   * @param first the first row
   * @param from the array that each row is from: arrays may differ in the order of bytes
   */
  private byte[] converted(byte[] raw, int first, StoredArray[] from) throws IOException {
    int rows = from.length;
    DType element = from[0].element();
    if (element == DType.UINT8
        && pictures.white() == WHITE
        && pictures.conversion().keeps(pictures.form())) {
      return separated(raw, rows);
    }
    ByteBuffer in = ByteBuffer.wrap(raw);
    byte[] kept = pictures.conversion().room(rows);
    ByteBuffer out = ByteBuffer.wrap(kept).order(ByteOrder.LITTLE_ENDIAN);
    double white = white(element);
    double[] samples = new double[pictures.form().samples()];
    for (int i = 0; i < rows; i++) {
      in.order(from[i].order());
      for (int j = 0; j < samples.length; j++) {
        samples[j] = element.get(in);
        if (!(samples[j] >= 0 && samples[j] <= white)) {
          throw new FormatException(
              from[i].where(),
              "value %s in image %d (value %d of it); expected 0 to %s"
                  .formatted(text(samples[j]), first + i, j, text(white)));
        }
      }
      pictures
          .conversion()
          .convert(
              j -> samples[j],
              pictures.form(),
              white,
              out,
              from[i].where() + " image " + (first + i));
    }
    return kept;
  }

  private byte[] separated(byte[] raw, int rows) {
    byte[] kept = pictures.conversion().room(rows);
    ByteBuffer out = ByteBuffer.wrap(kept);
    for (int i = 0; i < rows; i++) {
      int first = i * pictures.form().samples();
      pictures.conversion().separate(raw, first, pictures.form(), out);
    }
    return kept;
  }

  private static String text(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    return value == (float) value ? Float.toString((float) value) : Double.toString(value);
  }

  private double white(DType element) {
    return element == DType.UINT8 ? pictures.white() : 1;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
