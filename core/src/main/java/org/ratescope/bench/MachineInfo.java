package org.ratescope.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.ratescope.tensor.Libtorch;

/**
 * What a measurement was made on: numbers from different machines do not compare.
 *
 * @param processor the model's name where Linux tells it, else the architecture
 * @param cores processors that this process may use
 * @param memoryBytes memory of the machine, or of the container this process lives in
 * @param java version and vendor of the virtual machine
 * @param libtorch version of the native engine
 * @param blas library behind its matrix products
 */
public record MachineInfo(
    String processor, int cores, long memoryBytes, String java, String libtorch, String blas) {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  /** The machine that this process runs on. Loads the engine. */
  public static MachineInfo here() throws IOException {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new MachineInfo(
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        system.getTotalMemorySize(),
        System.getProperty("java.vm.version") + ", " + System.getProperty("java.vendor"),
        Libtorch.LIBTORCH,
        Libtorch.blas());
  }

  private static String processorName() throws IOException {
    String architecture = System.getProperty("os.arch", "unknown");
    if (!Files.isReadable(PROCESSORS)) {
      return architecture;
    }
    try (Stream<String> lines = Files.lines(PROCESSORS)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(architecture);
    }
  }
}
