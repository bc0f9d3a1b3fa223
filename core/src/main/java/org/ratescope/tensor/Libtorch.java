package org.ratescope.tensor;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.ratescope.io.NativeLibraryException;
import org.ratescope.io.UnpackedLibraries;

/**
 * Loads libtorch, its BLAS library and its threads. Only this class chooses them: MKL for the
 * matrix products on x86-64, OpenBLAS elsewhere, one thread for each worker.
 */
public final class Libtorch {
  /** The libtorch version from which the Java binding was generated. */
  public static final String LIBTORCH = "2.10.0";

  private static final String BLAS_PROPERTY = "org.bytedeco.openblas.load";
  private static final String MKL = "/org/bytedeco/mkl/linux-x86_64/libmkl_rt.so.2";
  private static final String CACHE_PROPERTY = "org.bytedeco.javacpp.cachedir";
  private static boolean loaded;
  private static @Nullable String failure;

  private Libtorch() {}

  /**
   * Loads libtorch and its BLAS once per process, and limits the calling thread to one native
   * thread. Every thread that computes calls it before its first tensor, since OpenMP stores the
   * number of threads for each thread.
   */
  public static synchronized void useOneThread() {
    if (!loaded) {
      if (failure != null) {
        throw NativeLibraryException.again(failure);
      }
      load();
      loaded = true;
    }
    torch.set_num_threads(1);
    openblas_nolapack.blas_set_num_threads(1);
  }

  /**
   * Unpacks and loads the libraries. A second attempt in this process would fail for another
   * reason.
   */
  private static void load() {
    if (System.getProperty(BLAS_PROPERTY) == null && hasMkl()) {
      System.setProperty(BLAS_PROPERTY, "mkl");
    }
    UnpackedLibraries libraries = UnpackedLibraries.of(packages());
    System.setProperty(CACHE_PROPERTY, libraries.folder().toString());
    try {
      libraries.load(
          () -> {
            torch.show_config().close();
            openblas_nolapack.blas_set_num_threads(1);
          });
    } catch (IOException | LinkageError e) {
      NativeLibraryException first = NativeLibraryException.of("libtorch", libraries.folder(), e);
      failure = first.getMessage();
      throw first;
    }
  }

  /** The paths of the binding's libraries for this platform in their jars. */
  private static List<URL> packages() {
    List<URL> found = new ArrayList<>();
    String platform = Loader.Detector.getPlatform();
    for (String library : List.of("javacpp", "mkl", "openblas", "cuda", "pytorch")) {
      for (String variant : List.of("", "-gpu")) {
        URL place =
            Libtorch.class.getResource(
                "/org/bytedeco/%s/%s%s/".formatted(library, platform, variant));
        if (place != null && place.getProtocol().equals("jar")) {
          found.add(place);
        }
      }
    }
    return found;
  }

  /**
   * Name of the library of the matrix products, MKL or OpenBLAS, from the loaded file, since the
   * binding's own {@code blas_get_vendor} returns 0 for both. Loads the native library.
   */
  public static String blas() {
    useOneThread();
    boolean mkl =
        Loader.getLoadedLibraries().entrySet().stream()
            .anyMatch(
                library ->
                    library.getKey().startsWith("openblas@")
                        && library.getValue().contains("/mkl/"));
    return mkl ? "MKL" : "OpenBLAS";
  }

  /** A release for GPUs does not contain MKL. */
  private static boolean hasMkl() {
    return Libtorch.class.getResource(MKL) != null;
  }
}
