package org.ratescope.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.ratescope.torch.Engine;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: Ratescope, Java and the native engine, which is loaded for it. */
final class Versions implements IVersionProvider {

  @Override
  public String[] getVersion() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("Ratescope", ratescope());
    parts.put("Java", System.getProperty("java.vendor") + " " + Runtime.version());
    parts.put("libtorch", Engine.LIBTORCH);
    parts.put("BLAS", Engine.blas());
    parts.put("threads", Runtime.getRuntime().availableProcessors() + ", one for each worker");
    parts.put("device", Engine.device());
    return parts.entrySet().stream()
        .map(part -> "%-9s  %s".formatted(part.getKey(), part.getValue()))
        .toArray(String[]::new);
  }

  private static String ratescope() {
    Properties release = new Properties();
    try (InputStream in =
        Objects.requireNonNull(Versions.class.getResourceAsStream("release.properties"))) {
      release.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return release.getProperty("version");
  }
}
