@file:Suppress("PackageDirectoryMismatch", "unused", "UNUSED_PARAMETER")

package androidx.core.app

import android.app.Activity
import android.content.Context

object ActivityCompat {
    fun checkSelfPermission(context: Context, permission: String): Int = context.checkSelfPermission(permission)

    fun shouldShowRequestPermissionRationale(activity: Activity, permission: String): Boolean =
        activity.shouldShowRequestPermissionRationale(permission)
}
