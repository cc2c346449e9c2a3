package io.turboqueue;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.File;
import java.io.FileDescriptor;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.attribute.FileAttributeView;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Packages are layers: each uses only those below it. */
@AnalyzeClasses(packages = "io.turboqueue", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule eachLayerUsesOnlyThoseBelow = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("cli")
            .definedBy("io.turboqueue.cli..")
            .layer("api")
            .definedBy("io.turboqueue")
            .layer("scan")
            .definedBy("io.turboqueue.scan")
            .layer("protocol")
            .definedBy("io.turboqueue.protocol")
            .layer("owner")
            .definedBy("io.turboqueue.owner")
            .layer("layout")
            .definedBy("io.turboqueue.layout")
            .layer("batch.pages")
            .definedBy("io.turboqueue.batch.pages")
            .layer("batch.jdbc")
            .definedBy("io.turboqueue.batch.jdbc")
            .layer("batch")
            .definedBy("io.turboqueue.batch")
            .layer("waiting")
            .definedBy("io.turboqueue.waiting")
            .layer("config")
            .definedBy("io.turboqueue.config")
            .layer("disk")
            .definedBy("io.turboqueue.disk")
            .layer("time")
            .definedBy("io.turboqueue.time")
            .layer("inspect")
            .definedBy("io.turboqueue.inspect")
            .layer("text")
            .definedBy("io.turboqueue.text")
            .whereLayer("api")
            .mayOnlyAccessLayers(
                    "scan",
                    "protocol",
                    "owner",
                    "layout",
                    "batch.pages",
                    "batch.jdbc",
                    "batch",
                    "disk",
                    "waiting",
                    "time",
                    "inspect",
                    "config",
                    "text")
            .whereLayer("scan")
            .mayOnlyAccessLayers(
                    "protocol",
                    "owner",
                    "layout",
                    "batch.pages",
                    "batch.jdbc",
                    "batch",
                    "disk",
                    "time",
                    "inspect",
                    "text")
            .whereLayer("protocol")
            .mayOnlyAccessLayers("owner", "layout", "disk", "inspect", "time", "text")
            .whereLayer("owner")
            .mayOnlyAccessLayers("layout", "disk", "inspect", "time")
            .whereLayer("layout")
            .mayOnlyAccessLayers("disk", "inspect", "text")
            .whereLayer("batch.pages")
            .mayOnlyAccessLayers("batch.jdbc", "batch", "disk")
            .whereLayer("batch.jdbc")
            .mayOnlyAccessLayers("batch", "disk")
            .whereLayer("batch")
            .mayOnlyAccessLayers("disk")
            .whereLayer("waiting")
            .mayOnlyAccessLayers("disk", "time")
            .whereLayer("config")
            .mayOnlyAccessLayers("text")
            .whereLayer("disk")
            .mayNotAccessAnyLayer()
            .whereLayer("time")
            .mayNotAccessAnyLayer()
            .whereLayer("inspect")
            .mayNotAccessAnyLayer()
            .whereLayer("text")
            .mayNotAccessAnyLayer()
            .ensureAllClassesAreContainedInArchitecture();

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().assignedFrom(eachPackage()).should().beFreeOfCycles();

    /** A program on the module path could not compile against anything else. */
    @ArchTest
    static void exportedPackagesShowOnlyWhatIsExported(JavaClasses classes) {
        List<String> leaks = classes.stream()
                .filter(ArchitectureTest::isExported)
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(member -> isShown(member) && !isForTests(member))
                .filter(member -> member.getAllInvolvedRawTypes().stream()
                        .map(JavaClass::getBaseComponentType)
                        .anyMatch(type -> type.getPackageName().startsWith("io.turboqueue") && !isExported(type)))
                .map(JavaCodeUnit::getFullName)
                .toList();
        assertThat(leaks).isEmpty();
    }

    private static boolean isExported(JavaClass type) {
        return EXPORTED.contains(type.getPackageName()) && type.getModifiers().contains(JavaModifier.PUBLIC);
    }

    private static boolean isShown(JavaCodeUnit member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC)
                || member.getModifiers().contains(JavaModifier.PROTECTED);
    }

    private static boolean isForTests(JavaCodeUnit member) {
        return member.getOwner().getName().equals("io.turboqueue.Spool$Builder")
                && member.getName().equals("disk");
    }

    @ArchTest
    static final ArchRule onlyTheJdbcEngineKnowsSql = noClasses()
            .that()
            .resideOutsideOfPackage("io.turboqueue.batch.jdbc")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..", "com.zaxxer.hikari..")
            .because("a batch is the only thing kept in SQLite");

    @ArchTest
    static final ArchRule onlyDiskRenamesDeletesAndSyncs = noClasses()
            .that()
            .resideOutsideOfPackage("io.turboqueue.disk")
            .should()
            .accessTargetWhere(describe("it renames, links, deletes or syncs a file", ArchitectureTest::changesDisk))
            .because("tests inject faults there");

    @ArchTest
    static final ArchRule nothingOpensAFileToChangeItsAttributes = noClasses()
            .should()
            .accessTargetWhere(describe("it sets an attribute of a path", ArchitectureTest::setsAttribute))
            .because(
                    "Files opens and closes the file to do so, and closing a descriptor of a lock file drops the lock that this"
                            + " JVM has on it; java.io.File.setLastModified does not");

    @ArchTest
    static final ArchRule onlyCliPrints = noClasses()
            .that()
            .resideOutsideOfPackage("io.turboqueue.cli..")
            .should(ACCESS_STANDARD_STREAMS)
            .because("a library logs");

    @ArchTest
    static final ArchRule namesSayWhatAThingIs = noClasses()
            .should()
            .haveNameMatching(".*(Manager|Helper|Utils?|Impl)")
            .because("these names say nothing");

    /** As in module-info. */
    private static final Set<String> EXPORTED = Set.of("io.turboqueue", "io.turboqueue.inspect");

    private static final Map<Class<?>, Set<String>> DISK_CHANGES = Map.of(
            Files.class, Set.of("move", "delete", "deleteIfExists", "createLink", "createSymbolicLink"),
            File.class, Set.of("renameTo", "delete", "deleteOnExit"),
            FileChannel.class, Set.of("force"),
            AsynchronousFileChannel.class, Set.of("force"),
            MappedByteBuffer.class, Set.of("force"),
            FileDescriptor.class, Set.of("sync"));

    private static boolean changesDisk(JavaAccess<?> access) {
        return DISK_CHANGES.entrySet().stream()
                .anyMatch(change -> access.getTargetOwner().isAssignableTo(change.getKey())
                        && change.getValue().contains(access.getName()));
    }

    private static boolean setsAttribute(JavaAccess<?> access) {
        return (access.getTargetOwner().isEquivalentTo(Files.class)
                        && access.getName().matches("setLastModifiedTime|setAttribute|setOwner|getFileAttributeView"))
                || (access.getTargetOwner().isAssignableTo(FileAttributeView.class)
                        && access.getName().matches("set.+|write|delete"));
    }

    private static SliceAssignment eachPackage() {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                return SliceIdentifier.of(javaClass.getPackageName());
            }

            @Override
            public String getDescription() {
                return "each package";
            }
        };
    }
}
