// Shows parts of other apps: a finished file, the share sheet, the system's battery settings.
package dev.millrace.transfer

import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.ClipData
import android.content.Intent
import android.net.Uri
import android.provider.Settings
import java.io.File
import java.io.FileNotFoundException

class IntentLauncher(private val activity: Activity) {
    fun open(path: String) {
        val (file, uri) = lent(path)
        val view = Intent(Intent.ACTION_VIEW).setDataAndType(uri, ExportedFileProvider.typeOf(file.name))
        first("no app here opens a file of this kind", view.addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION))
    }

    fun share(path: String) {
        val (file, uri) = lent(path)
        val send = Intent(Intent.ACTION_SEND)
            .setType(ExportedFileProvider.typeOf(file.name))
            .putExtra(Intent.EXTRA_STREAM, uri)
            .addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION)
        // The permission applies to the URI in the clip data.
        send.clipData = ClipData.newRawUri(file.name, uri)
        first("no app here takes a file", Intent.createChooser(send, null))
    }

    /** The system's settings for background work; where there are none, those of this app. */
    fun battery() = first(
        "this phone has no such settings",
        Intent(Settings.ACTION_IGNORE_BATTERY_OPTIMIZATION_SETTINGS),
        Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, Uri.fromParts("package", activity.packageName, null)),
    )

    private fun lent(path: String): Pair<File, Uri> {
        val file = File(path)
        val uri = ExportedFileProvider.uri(activity, file) ?: throw FileNotFoundException("the file is not in the app's folder any more")
        return file to uri
    }

    private fun first(otherwise: String, vararg shown: Intent) {
        for (one in shown) {
            try {
                return activity.startActivity(one)
            } catch (none: ActivityNotFoundException) {
                continue
            }
        }
        throw ActivityNotFoundException(otherwise)
    }
}
