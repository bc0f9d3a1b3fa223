package org.ratescope.estimate;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Estimators in jars that the user names. Their classes stay loaded until the process ends. */
final class EstimatorJars {
  private static final String LIST = "META-INF/services/" + Estimator.class.getName();

  private EstimatorJars() {}

  /**
   * The estimators of a jar, or of all jars of a folder, which see each other's classes.
   *
   * @throws IOException if there is none, or one cannot be loaded
   */
  static List<Estimator> load(Path path) throws IOException {
    List<URL> jars = new ArrayList<>();
    for (Path jar : jars(path)) {
      jars.add(jar.toUri().toURL());
    }
    URLClassLoader loader =
        new URLClassLoader(jars.toArray(URL[]::new), Estimators.class.getClassLoader());
    try {
      List<Estimator> found =
          ServiceLoader.load(Estimator.class, loader).stream()
              .filter(provider -> loader.equals(provider.type().getClassLoader()))
              .map(ServiceLoader.Provider::get)
              .toList();
      if (!found.isEmpty()) {
        return found;
      }
    } catch (ServiceConfigurationError | LinkageError e) {
      throw unusable(path, String.valueOf(e.getMessage()), e);
    }
    throw unusable(path, "no estimator is listed in " + LIST, null);
  }

  /** Adds an estimator of those jars; an error names its jar. */
  static Estimators added(Estimators known, Estimator estimator, Path path) throws IOException {
    try {
      return known.and(estimator);
    } catch (RuntimeException | LinkageError e) {
      throw unusable(jar(estimator, path), String.valueOf(e.getMessage()), e);
    }
  }

  private static IOException unusable(Path jar, String reason, @Nullable Throwable cause) {
    return new IOException("plug-in %s cannot be used: %s".formatted(jar, reason), cause);
  }

  private static Path jar(Estimator estimator, Path otherwise) {
    CodeSource source = estimator.getClass().getProtectionDomain().getCodeSource();
    try {
      return source == null ? otherwise : Path.of(source.getLocation().toURI());
    } catch (URISyntaxException | IllegalArgumentException e) {
      return otherwise;
    }
  }

  /** The jars of a path, sorted by name; each is a readable zip file. */
  private static List<Path> jars(Path path) throws IOException {
    List<Path> jars = new ArrayList<>();
    if (Files.isDirectory(path)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(path, "*.jar")) {
        entries.forEach(jars::add);
      }
      Collections.sort(jars);
    } else if (Files.exists(path)) {
      jars.add(path);
    }
    if (jars.isEmpty()) {
      throw unusable(path, "there is no such file, and no folder with files *.jar", null);
    }
    for (Path jar : jars) {
      try (ZipFile opened = new ZipFile(jar.toFile())) {
        opened.entries();
      } catch (IOException e) {
        throw unusable(jar, "it is not a jar file", e);
      }
    }
    return jars;
  }
}
