package org.ratescope.dataset.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ratescope.dataset.ImageStream;
import org.ratescope.dataset.PixelType;
import org.ratescope.dataset.format.DType;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.dataset.format.Npy;
import org.ratescope.dataset.format.Npz;
import org.ratescope.dataset.format.StoredArray;
import org.ratescope.dataset.hdf5.Hdf5;
import org.ratescope.dataset.source.Conversion.Form;
import org.ratescope.spec.data.CustomImages;
import org.ratescope.spec.data.CustomImages.Contents;
import org.ratescope.spec.data.CustomImages.Fit;
import org.ratescope.spec.data.CustomImages.Kind;
import org.ratescope.spec.data.CustomImages.Layout;

/**
 * The images in an array of the user's: the one place that says what an array's values and axes
 * mean, for data sets and for models trained elsewhere alike. uint8 is divided by its white, 255
 * unless the user says otherwise; bool is 0 or 1; floats are taken as they are, from 0 to 1.
 */
public final class ArrayImages {
  private static final long MOST_SIDE = 1 << 14;
  private static final long MOST_VALUES = 1 << 25;

  private final StoredArray array;
  private final Layout layout;
  private final int white;

  private ArrayImages(StoredArray array, Layout layout, int white) {
    this.array = array;
    this.layout = layout;
    this.white = white;
  }

  /**
   * Reads the headers.
   *
   * @throws IOException if the file is missing, damaged, or its array does not hold images
   */
  static ArrayImages open(Kind kind, Path file, Contents contents) throws IOException {
    StoredArray array = entry(kind, file, contents.key());
    requireImages(array);
    ArrayImages images = new ArrayImages(array, layout(array, contents), contents.white());
    images.requireAxes();
    return images;
  }

  static boolean isNpy(Path file) {
    return hasSuffix(file, ".npy");
  }

  private static boolean hasSuffix(Path file, String suffix) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(suffix);
  }

  /** The array of that name, which an {@code .npy} file has none of. */
  static StoredArray entry(Kind kind, Path file, Optional<String> key) throws IOException {
    if (kind == Kind.HDF5) {
      return Hdf5.open(file, key.orElseThrow(() -> needsKey(file, "an HDF5 file")));
    }
    FormatException.require(
        isNpy(file) || hasSuffix(file, ".npz"),
        file.toString(),
        "an array file must end in .npy or .npz");
    if (isNpy(file)) {
      FormatException.require(
          key.isEmpty(),
          file.toString(),
          "got key=%s; expected no key, since an .npy file has one array"
              .formatted(key.orElse("")));
      return Npy.open(file);
    }
    return Npz.open(file, key.orElseThrow(() -> needsKey(file, "an .npz file")));
  }

  private static FormatException needsKey(Path file, String what) {
    return new FormatException(file.toString(), what + " needs key=NAME");
  }

  private static void requireImages(StoredArray array) throws FormatException {
    FormatException.require(
        pixels(array.element()).isPresent(),
        array.where(),
        "images of %s; expected uint8, bool, and float16, float32, float64 from 0 to 1"
            .formatted(array.element().text()));
    FormatException.require(
        array.size(0) <= Integer.MAX_VALUE,
        array.where(),
        "%d images; expected at most %d".formatted(array.size(0), Integer.MAX_VALUE));
  }

  /** 8-bit images stay 8-bit; floats stay floats. */
  static Optional<PixelType> pixels(DType element) {
    return switch (element) {
      case UINT8, BOOL -> Optional.of(PixelType.UINT8);
      case FLOAT16, FLOAT32, FLOAT64 -> Optional.of(PixelType.FLOAT32);
      default -> Optional.empty();
    };
  }

  /** What the number of axes tells, and where the channels can only be in one place. */
  private static Layout layout(StoredArray array, Contents contents) throws FormatException {
    if (contents.layout().isPresent()) {
      return contents.layout().get();
    }
    boolean first = array.size(1) == 1 || array.size(1) == 3;
    boolean last = array.size(3) == 1 || array.size(3) == 3;
    return switch (array.shape().size()) {
      case 2 -> Layout.ND;
      case 3 -> Layout.NHW;
      default -> {
        boolean four = array.shape().size() == 4;
        FormatException.require(
            !four || first || last,
            array.where(),
            ("shape %s has no axis of 1 or 3 channels; expected [N, H, W, C] or [N, C, H, W] with C"
                    + " 1 or 3: a[..., :3] leaves out a fourth channel that comes last, a[:, :3] one"
                    + " that comes first")
                .formatted(array.shape()));
        FormatException.require(
            four && first != last,
            array.where(),
            "shape %s; expected [N, D], [N, H, W], or layout=nhwc or layout=nchw"
                .formatted(array.shape()));
        yield last ? Layout.NHWC : Layout.NCHW;
      }
    };
  }

  private void requireAxes() throws FormatException {
    List<Long> shape = array.shape();
    int axes =
        switch (layout) {
          case ND -> 2;
          case NHW -> 3;
          case NHWC, NCHW -> 4;
        };
    FormatException.require(
        shape.size() == axes,
        array.where(),
        "shape %s does not have the axes of layout %s"
            .formatted(shape, layout.name().toLowerCase(Locale.ROOT)));
    for (long size : layout == Layout.ND ? List.<Long>of() : shape.subList(1, axes)) {
      FormatException.require(
          size <= MOST_SIDE,
          array.where(),
          "shape %s; expected at most %d a side".formatted(shape, MOST_SIDE));
    }
    FormatException.require(
        array.count(1) <= MOST_VALUES,
        array.where(),
        "shape %s: images that large".formatted(shape));
  }

  /** Number of images. */
  public int size() {
    return (int) array.size(0);
  }

  /** The files that hold them, where they may be others than the one that was named. */
  List<Path> files() {
    return array.files();
  }

  /** How the file holds them and which value is white, for people. */
  public String stored() {
    String one =
        switch (array.element()) {
          case UINT8 -> white + " is white";
          case BOOL -> "true is white";
          default -> "1 is white";
        };
    return "%s %s (%s), %s"
        .formatted(
            array.element().text(),
            array.shape(),
            layout.name().toLowerCase(Locale.ROOT).replaceFirst("^nd$", "nd: planes of rows"),
            one);
  }

  /** How images that are made of them hold a value. */
  PixelType pixels() {
    return pixels(array.element()).orElseThrow();
  }

  /** The form of an image, of which a data set states the size. */
  Form form(CustomImages spec) throws FormatException {
    Form form =
        layout == Layout.ND
            ? new Form(spec.channels(), spec.height(), spec.width(), false)
            : ownForm();
    FormatException.require(
        (form.channels() == 1 || form.channels() == 3) && form.samples() == array.count(1),
        array.where(),
        "images of %d values in %d channels; expected 1 or 3 channels, and for layout nd %d values"
            .formatted(array.count(1), form.channels(), spec.dimensions()));
    return form;
  }

  private Form ownForm() {
    int second = (int) array.size(1);
    int third = (int) array.size(2);
    int fourth = (int) array.size(3);
    return switch (layout) {
      case ND -> new Form(1, 1, second, false);
      case NHW -> new Form(1, second, third, false);
      case NHWC -> new Form(fourth, second, third, true);
      case NCHW -> new Form(second, third, fourth, false);
    };
  }

  /** What a pass over the images needs to know. */
  ArrayStream.Pictures pictures(Form form, Conversion conversion) {
    return new ArrayStream.Pictures(List.of(array), form, 1, 0, white, conversion);
  }

  /**
   * The images as the file has them, each as planes of rows.
   *
   * @throws FormatException if they do not have 1 or 3 channels
   */
  Stored asStored() throws FormatException {
    Form form = ownForm();
    FormatException.require(
        form.channels() == 1 || form.channels() == 3,
        array.where(),
        "images of %d channels; expected 1 or 3 channels, or [N, D]".formatted(form.channels()));
    return new Stored(this, form);
  }

  /**
   * Images in the shape in which the file has them.
   *
   * @param images the array
   * @param form their shape
   */
  public record Stored(ArrayImages images, Form form) {

    /** Number of images. */
    public int size() {
      return images.size();
    }

    /** Values of an image. */
    public int dimensions() {
      return form.samples();
    }

    /** Planes, rows and columns, which the axes of [N, D] do not tell. */
    public Optional<int[]> shape() {
      return images.layout == Layout.ND
          ? Optional.empty()
          : Optional.of(new int[] {form.channels(), form.height(), form.width()});
    }

    /**
     * Reads all images in order.
     *
     * @throws IOException if the file is damaged or a value is not allowed, naming its place
     */
    public void read(Reader reader) throws IOException {
      PixelType pixels = images.pixels();
      Conversion whole =
          new Conversion(form.channels(), form.height(), form.width(), Fit.SAME, pixels);
      float[] image = new float[dimensions()];
      try (ImageStream stream = images.pictures(form, whole).open()) {
        for (int row = 0; row < size(); ) {
          int rows = Math.min(stream.rowsAtOnce(), size() - row);
          ByteBuffer kept = ByteBuffer.wrap(stream.next(rows).call());
          int bytes = image.length * pixels.bytes();
          for (int i = 0; i < rows; i++) {
            pixels.read(kept.slice(i * bytes, bytes).order(ByteOrder.LITTLE_ENDIAN), image);
            reader.image(row++, image);
          }
        }
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }

  /** Takes images. */
  public interface Reader {
    /**
     * Takes one.
     *
     * @param chw planes of rows, values in [0, 1]; overwritten by the next image
     */
    void image(int row, float[] chw);
  }
}
