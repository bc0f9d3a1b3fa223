package org.ratescope.spec.data;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ratescope.io.Sha256;
import org.ratescope.spec.text.Checks;
import org.ratescope.spec.text.DataSpecText;
import org.ratescope.spec.text.EnumText;
import org.ratescope.spec.text.Quoted;
import org.ratescope.spec.text.Wording;

/**
 * Images of the user's own: a folder of pictures, an array in an {@code .npy} or {@code .npz} file,
 * or a data set in an HDF5 file. Their shape is stated, so it is known without opening anything.
 * Name and conversion are the identity; where the files are is carried along but is no part of the
 * value, so two of these are equal when their texts are.
 *
 * @param kind what holds them
 * @param name a short name: letters, digits, '-' and '_'
 * @param height rows of an image, 1 to 1024
 * @param width columns of an image, 1 to 1024
 * @param colour grey or colour, to which the files' pixels are converted
 * @param fit what is done with another shape
 * @param contents what is read from an array or HDF5 file
 * @param file the folder or file, where it is known
 */
public record CustomImages(
    Kind kind,
    String name,
    int height,
    int width,
    Colour colour,
    Fit fit,
    Contents contents,
    Optional<Path> file)
    implements DataSpec {
  static final int MAX_SIDE = 1024;
  public static final String NAME = "1 to 64 letters, digits, '-' and '_'";
  public static final String KEY = "a name of 1 to 1024 characters";
  public static final String SIZE = "PIXELS or HEIGHTxWIDTH, each 1 to 1024";

  static final String ALLOWED =
      "your own images: images:FOLDER, array:FILE.npy, array:FILE.npz,key=NAME or"
          + " hdf5:FILE,key=NAME, followed by ,size=PIXELS|HEIGHTxWIDTH,colour=grey|rgb and, if"
          + " need be, name=NAME, fit=same|crop|stretch, labels=NAME, layout=nd|nhw|nhwc|nchw,"
          + " white=1..255; a path or NAME with spaces, commas or other separators is put in double"
          + " quotes, array:\"a, b.npy\"";

  /** Characters of a name, and those of the hash in a name that stands for another. */
  private static final int LONGEST = 64;

  private static final int HASHED = 8;

  private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern KEYS = Pattern.compile("(?s).{1,1024}");

  /** Names of arrays that need no quotes; texts as they have always been. */
  private static final Pattern BARE = Pattern.compile("[^,;\\s]{1,128}");

  /** What holds the images. */
  public enum Kind {
    IMAGES,
    ARRAY,
    HDF5;

    /** The word that begins the text form. */
    public String text() {
      return EnumText.of(this);
    }
  }

  /** Colour planes. */
  public enum Colour {
    /** One plane: Rec. 601 luma of a colour image. */
    GREY,
    /** Red, green, blue: three equal planes of a grey image. */
    RGB;

    /** The number of planes. */
    public int channels() {
      return this == GREY ? 1 : 3;
    }

    /** Reads a lower-case name. */
    public static Colour parse(String text) {
      return EnumText.parse(Colour.class, text);
    }
  }

  /** What is done with images that are not of the stated shape. */
  public enum Fit {
    /** All must be of one size and of the stated shape; they are only scaled. */
    SAME,
    /** The largest centred part of the stated shape is cut out and scaled. */
    CROP,
    /** Height and width are scaled apart. */
    STRETCH;

    /** Reads a lower-case name. */
    public static Fit parse(String text) {
      return EnumText.parse(Fit.class, text);
    }
  }

  /** What the axes of an array are: N images, height H, width W, channels C, or D values. */
  public enum Layout {
    /** Each image as D values: planes of rows, of just the stated shape. */
    ND,
    NHW,
    NHWC,
    NCHW;

    /** Reads a lower-case name. */
    public static Layout parse(String text) {
      return EnumText.parse(Layout.class, text);
    }
  }

  /**
   * What is read from an array or HDF5 file.
   *
   * @param key the images' entry; absent for an {@code .npy} file, which has one array only
   * @param labels the labels' entry, or for an {@code .npy} file the name of another one beside it
   * @param layout what the axes are, where their number does not tell
   * @param white the whole number that is white, 255 unless the images are stored as 0 and 1
   */
  public record Contents(
      Optional<String> key, Optional<String> labels, Optional<Layout> layout, int white) {
    /** The usual value of {@code white}. */
    public static final int FULL = 255;

    /** What a folder of images has. */
    public static final Contents NONE =
        new Contents(Optional.empty(), Optional.empty(), Optional.empty(), FULL);

    public Contents {
      key.ifPresent(k -> require(KEYS, "key", k, KEY));
      labels.ifPresent(k -> require(KEYS, "labels", k, KEY));
      Checks.within("white", white, 1, FULL);
    }

    static Contents of(DataSpecText text) {
      return new Contents(
          name(text, "key"),
          name(text, "labels"),
          text.optional("layout").map(Layout::parse),
          text.one("white", Integer::parseInt, FULL));
    }

    /** The same of images whose labels nobody asks for. */
    static Contents ofImages(DataSpecText text) {
      return new Contents(
          name(text, "key"),
          Optional.empty(),
          text.optional("layout").map(Layout::parse),
          text.one("white", Integer::parseInt, FULL));
    }

    private static Optional<String> name(DataSpecText text, String key) {
      text.optional(key)
          .filter(value -> !Quoted.begins(value))
          .ifPresent(value -> require(BARE, key, value, KEY + ", in double quotes if need be"));
      return text.named(key);
    }

    /** The settings of the text form, each after a comma. */
    String text() {
      StringBuilder text = new StringBuilder();
      key.ifPresent(name -> text.append(",key=").append(Quoted.text(name, BARE)));
      labels.ifPresent(name -> text.append(",labels=").append(Quoted.text(name, BARE)));
      layout.ifPresent(axes -> text.append(",layout=").append(EnumText.of(axes)));
      return text.append(white == FULL ? "" : ",white=" + white).toString();
    }
  }

  public CustomImages {
    require(NAMES, "name", name, NAME);
    Checks.within("height", height, 1, MAX_SIDE);
    Checks.within("width", width, 1, MAX_SIDE);
    if (kind == Kind.IMAGES && !contents.equals(Contents.NONE)) {
      throw new IllegalArgumentException("a folder of images has no keys, got " + contents);
    }
    if (kind == Kind.HDF5 && contents.key().isEmpty()) {
      throw new IllegalArgumentException("an HDF5 file needs a key");
    }
  }

  private static void require(Pattern form, String what, String came, String allowed) {
    if (!form.matcher(came).matches()) {
      throw new IllegalArgumentException(what + ": " + Wording.unexpected(came, allowed));
    }
  }

  static CustomImages of(DataSpecText text) {
    Kind kind = EnumText.parse(Kind.class, text.name());
    Optional<Path> file = text.path();
    int[] size = text.required("size", CustomImages::size);
    return new CustomImages(
        kind,
        text.one("name", name -> name, file.map(CustomImages::nameOf).orElse("")),
        size[0],
        size[1],
        text.required("colour", Colour::parse),
        text.one("fit", Fit::parse, Fit.SAME),
        kind == Kind.IMAGES ? Contents.NONE : Contents.of(text),
        file);
  }

  /** The same images, in that file or folder. */
  public CustomImages at(Path place) {
    return new CustomImages(kind, name, height, width, colour, fit, contents, Optional.of(place));
  }

  /** Height and width from {@code 32} or {@code 28x20}. */
  public static int[] size(String text) {
    int times = text.indexOf('x');
    int height = Integer.parseInt(times < 0 ? text : text.substring(0, times));
    int width = times < 0 ? height : Integer.parseInt(text.substring(times + 1));
    Checks.within("height", height, 1, MAX_SIDE);
    Checks.within("width", width, 1, MAX_SIDE);
    return new int[] {height, width};
  }

  /**
   * The name that a file's own name suggests: {@code photos} for {@code my/photos/}, {@code
   * my-photos} for {@code my photos/}. Where letters of other alphabets are lost or the name is
   * cut, a hash of the file's name follows, so that {@code 中文} and {@code 日本} have different names.
   */
  public static String nameOf(Path file) {
    Path last = file.normalize().getFileName();
    String name =
        last == null ? "" : last.toString().replaceFirst("\\.((?i:npy|npz)|h5|hdf5)$", "");
    String plain = name.replaceAll("[^A-Za-z0-9_-]", "-");
    boolean whole = plain.length() <= LONGEST && name.chars().allMatch(c -> c < 128);
    if (whole) {
      return plain.isEmpty() ? "images" : plain;
    }
    return "%s-%s"
        .formatted(
            plain.substring(0, Math.min(LONGEST - 1 - HASHED, plain.length())),
            Sha256.ofText(name).substring(0, HASHED));
  }

  @Override
  public String text() {
    StringBuilder text = new StringBuilder();
    String size = height == width ? "" + height : height + "x" + width;
    text.append(
        "%s:name=%s,size=%s,colour=%s".formatted(kind.text(), name, size, EnumText.of(colour)));
    text.append(fit == Fit.SAME ? "" : ",fit=" + EnumText.of(fit));
    return text.append(contents.text()).toString();
  }

  @Override
  public int channels() {
    return colour.channels();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CustomImages own
        && own.kind == kind
        && own.name.equals(name)
        && own.height == height
        && own.width == width
        && own.colour == colour
        && own.fit == fit
        && own.contents.equals(contents);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, name, height, width, colour, fit, contents);
  }
}
