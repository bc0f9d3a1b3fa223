package org.ratescope.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.ratescope.results.Version;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.Libtorch;
import picocli.CommandLine.IVersionProvider;

/**
 * The output of {@code --version}: Ratescope, Java and the native library, which is loaded for it.
 */
final class Versions implements IVersionProvider {

  @Override
  public String[] getVersion() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("Ratescope", Version.RATESCOPE);
    parts.put("Java", System.getProperty("java.vendor") + " " + Runtime.version());
    parts.put("libtorch", Libtorch.LIBTORCH);
    parts.put("BLAS", Libtorch.blas());
    parts.put("threads", Runtime.getRuntime().availableProcessors() + ", one for each worker");
    parts.put(
        "devices", Device.present().stream().map(Device::text).collect(Collectors.joining(", ")));
    return parts.entrySet().stream()
        .map(part -> "%-9s  %s".formatted(part.getKey(), part.getValue()))
        .toArray(String[]::new);
  }
}
